// The values of one column of a row group: collected as rows come, written as they are sorted.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lake/columns.hpp"
#include "lake/parquet_file.hpp"
#include "lake/value_table.hpp"

namespace bytebasket::lake {

/// A value that is there, and the row that has it.
template <typename Value>
struct OfRow {
  Value value;
  std::uint32_t row;
};

/// Rows in the order in which they came; those without a value have no entry. Texts are views: what
/// they look at must live until clear().
struct ColumnValues {
  std::vector<OfRow<std::string_view>> texts;  ///< of ColumnForm::text
  std::vector<OfRow<std::int64_t>> numbers;    ///< of ColumnForm::near
  std::vector<OfRow<std::uint32_t>> ids;       ///< by the tables, of the other forms
  TextTable words;
  NumberTable amounts;

  void clear();
};

/// Puts values where their rows are when sorted, and writes them as a column. Made to be used
/// again: it keeps its memory. Not thread-safe.
class ColumnPages {
 public:
  /// `ranks` says where each row comes to stand. Throws what Parquet throws.
  void write(ParquetFile& file, ColumnForm form, const ColumnValues& column,
             std::span<const std::uint32_t> ranks);

 private:
  template <typename Value>
  void sort(const std::vector<OfRow<Value>>& entries, std::span<const std::uint32_t> ranks,
            std::vector<Value>& sorted);
  void write_column_of_texts(ParquetFile& file, ColumnForm form);
  bool write_runs(ParquetFile& file);
  void write_texts(ParquetFile& file);
  [[nodiscard]] PageLevels levels() const;

  std::vector<std::uint8_t> there_;  ///< 1 where the row has a value
  std::vector<std::string_view> texts_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::uint32_t> ids_;
  std::vector<std::string_view> different_;
  TextTable numbers_of_texts_;
};

}  // namespace bytebasket::lake
