// Which rows can be compared where the oldest records of a partition are gone.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "metrics/grain.hpp"
#include "storage/table_store.hpp"
#include "verification/history.hpp"
#include "verification/recomputation.hpp"

namespace bytebasket::verification {

/// With all records of a partition, every row of it. Without the oldest: metric rows of events and
/// lines whose window begins a day after the oldest record left was appended, or later. (What came
/// before speaks of earlier times, or of at most a day ahead: later ones are refused. Sessions,
/// carts, orders and all state may reach back.) Immutable once made; thread-safe.
class Horizon {
 public:
  static Result<Horizon> of(storage::TableStore& tables, History& history,
                            const std::vector<PartitionPlan>& plans,
                            const metrics::GrainRetention& retention);

  /// From which window on metrics of events can be compared; nullopt where no record is gone.
  [[nodiscard]] std::optional<Timestamp> of_partition(std::size_t index) const {
    return since_[index];
  }
  /// Whether a row of this partition can be compared.
  [[nodiscard]] bool comparable(std::size_t index, const storage::RowKey& key) const;
  /// Whether no record of any partition is gone.
  [[nodiscard]] bool complete() const;

 private:
  std::vector<std::optional<Timestamp>> since_;
  std::set<std::string> of_events_;  ///< metric and hash of definitions that only count events
};

}  // namespace bytebasket::verification
