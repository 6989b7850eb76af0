// The rows of a row group, collected as columns and written sorted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "events/text_arena.hpp"
#include "lake/column_values.hpp"
#include "lake/columns.hpp"
#include "lake/lake_row.hpp"
#include "lake/line_columns.hpp"
#include "lake/parquet_file.hpp"
#include "lake/row_order.hpp"

namespace bytebasket::lake {

/// Collects of each column the values that are there, as views into what the rows look into, so a
/// value is copied once: into its page. Not thread-safe.
class RowColumns {
 public:
  explicit RowColumns(PartitionId partition) : partition_(partition) {}

  /// What the row looks into must live until clear(), the row itself need not.
  void add(const LakeRow& row);
  [[nodiscard]] std::size_t rows() const { return order_.size(); }
  void clear();

  /// Writes the rows as a row group, by visitor, time and offset. Throws what Parquet throws.
  void write(ParquetFile& file);

 private:
  void add_record(const LakeRow& row, std::string_view visitor);
  void add_copies(const events::Event& event, std::string_view visitor);
  ColumnValues& next() { return columns_[next_++]; }
  void text(std::string_view value, bool there);
  void text(std::string_view value) { text(value, !value.empty()); }
  void word(std::string_view value, bool there);
  void word(std::string_view value) { word(value, !value.empty()); }
  void label(std::string_view value, bool there = true);
  void near(std::int64_t value, bool there = true);
  void number(std::int64_t value, bool there = true);
  void money(const std::optional<events::Micros>& value);

  const PartitionId partition_;
  std::array<ColumnValues, simple_columns.size()> columns_;
  std::size_t next_ = 0;   ///< of the columns, while a row is added
  std::uint32_t row_ = 0;  ///< that is being added
  LineColumns lines_;
  events::TextArena stored_;  ///< texts that stand nowhere as the column has them
  events::TextArena words_;   ///< each word once, where the caches find it
  RowOrder order_;
  ColumnPages pages_;
};

}  // namespace bytebasket::lake
