// A row group as it was read: records put together again from its columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "streams/event_log.hpp"

namespace arrow {
class Table;
}  // namespace arrow

namespace bytebasket::lake {

/// Not thread-safe.
class RowGroup {
 public:
  RowGroup();
  ~RowGroup();
  RowGroup(RowGroup&&) noexcept;
  RowGroup& operator=(RowGroup&&) noexcept;

  /// Takes the `record_columns` of a row group; `corrupt` where they are others. Whatever was
  /// loaded before is dropped. Texts may come by a dictionary.
  Status load(const std::shared_ptr<arrow::Table>& table);

  /// Its records with offsets from `from` on, in order, within `limits`.
  [[nodiscard]] Result<streams::RecordBatch> read(Offset from, const streams::ReadLimits& limits);

 private:
  struct Columns;
  void put_in_order(std::span<const std::int64_t> offsets);

  std::unique_ptr<Columns> columns_;
  std::vector<std::pair<Offset, std::uint32_t>> order_;  ///< rows by offset
};

}  // namespace bytebasket::lake
