// A Parquet file in the making, of pages that are encoded by whoever knows their values.
//
// Arrow writes the headers, the metadata and what stands around them. Its own column writers would
// hash and compare each value once more, of which the lake knows the answers: what was numbered
// when it was read, what is sorted, what comes twice in a row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace arrow::io {
class OutputStream;
}  // namespace arrow::io

namespace bytebasket::lake {

enum class PageEncoding : std::uint8_t { plain, dictionary, deltas };

/// What a page says of its rows before its values. A column that cannot be null has no definition
/// levels, one that does not repeat no repetition levels.
struct PageLevels {
  std::size_t count = 0;
  std::span<const std::uint8_t> repetition;
  std::span<const std::uint8_t> definition;
};

/// The statistics of a column of a row group.
struct Extremes {
  std::string least;  ///< as Parquet's PLAIN has it
  std::string most;
  std::size_t nulls = 0;
};

/// Files by lake_schema(): row groups one after the other, of each the columns in order, of each
/// column a dictionary (or none) and pages. Throws what Arrow throws. Not thread-safe.
class ParquetFile {
 public:
  /// Writes the file's beginning.
  ParquetFile(std::shared_ptr<arrow::io::OutputStream> out, int zstd_level);
  ~ParquetFile();

  void begin_row_group(std::size_t rows);
  /// Begins the next column.
  void begin_column();
  /// The depth of its values: 0 where it cannot be null, 1 where it can, more in lists.
  [[nodiscard]] std::uint8_t depth() const;
  void put_dictionary(std::string_view values, std::size_t count);

  /// A page with its levels, to which the values are to be appended; then put_page().
  std::string& begin_page(const PageLevels& levels);
  /// Of numbers near each other, appended to a page.
  void append_deltas(std::string& page, std::span<const std::int64_t> values);
  void put_page(PageEncoding encoding);

  void end_column();
  void end_column(const Extremes& extremes);
  void end_row_group();

  /// Completes the file.
  void close(const std::vector<std::pair<std::string, std::string>>& metadata);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace bytebasket::lake
