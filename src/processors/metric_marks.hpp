// Up to which window a source partition has written metric rows: what begins later need not be
// read.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/position.hpp"
#include "base/result.hpp"
#include "metrics/grain.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// One row of the table `metrics` for each source partition, under the metric "" (no metric has
/// that name), written with the rows it speaks of. Not thread-safe.
class MetricMarks {
 public:
  /// `nothing_written`: no flush of this source was ever begun, so the row need not be read.
  MetricMarks(std::int32_t source, bool nothing_written);

  /// False until the row is loaded.
  [[nodiscard]] bool known() const { return known_; }
  [[nodiscard]] const storage::RowKey& key() const { return key_; }
  Status loaded(const std::optional<storage::StoredRow>& row);

  /// True where no row of this window can be in the store without being held.
  [[nodiscard]] bool proves_absent(metrics::Grain grain, Timestamp window) const {
    return known_ && to_ms(window) > may_exist_[static_cast<std::size_t>(grain)];
  }
  /// A row of this window is being written.
  void wrote(metrics::Grain grain, Timestamp window);
  /// A row of this window is no longer held.
  void forget(metrics::Grain grain, Timestamp window) {
    auto& mark = may_exist_[static_cast<std::size_t>(grain)];
    mark = std::max(mark, to_ms(window));
  }
  /// The row to write with the flush; nullopt where the marks stand as they stood.
  std::optional<storage::Mutation> drain(Position upto);

 private:
  using Marks = std::array<std::int64_t, metrics::grain_count>;
  static constexpr std::int64_t before_all = std::numeric_limits<std::int64_t>::min();

  storage::RowKey key_;
  bool known_;
  bool changed_ = false;
  Marks written_{before_all, before_all, before_all};  ///< the last window that was ever written
  Marks may_exist_{before_all, before_all,
                   before_all};  ///< the last that may stand in the store without being held
};

}  // namespace bytebasket::processors
