// Rows that moved on while others were compared: kept as they were read, and compared when the
// recomputation has come to exactly where they stand.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "verification/findings.hpp"
#include "verification/live_state.hpp"
#include "verification/recomputation.hpp"
#include "verification/scratch.hpp"

namespace bytebasket::verification {

/// Not thread-safe.
class MovedRows {
 public:
  /// Keeps at most `max_bytes`; what moves on beyond is counted as not compared.
  MovedRows(std::size_t partitions, std::size_t max_bytes)
      : rows_(partitions), max_bytes_(max_bytes) {}

  /// A row of this partition that stands beyond what is recomputed.
  void add(std::size_t partition, storage::TableRow row, Report& report);
  /// A row of which nobody knows the partition; it may belong to any of `candidates`.
  void add(const std::vector<std::size_t>& candidates, storage::TableRow row, Report& report);

  /// Moves the recomputation on from position to position and compares. Partitions that moved rows
  /// belong to are left at the newest of them.
  Status compare(storage::TableStore& live, Recomputation& recomputation, Scratch& scratch,
                 Findings& findings);

 private:
  struct Moved {
    storage::TableRow row;
    std::optional<std::size_t> stray;  ///< its number in strays_, where its partition is not known
  };

  bool take_room(const storage::TableRow& row, Report& report);
  Status compare_partition(std::size_t index, Position newest, Recomputation& recomputation,
                           Scratch& scratch, Findings& findings);
  Status compare_at(std::size_t index, const std::vector<const Moved*>& rows,
                    const Recomputation& recomputation, Scratch& scratch, Findings& findings);

  std::vector<std::vector<Moved>> rows_;  ///< by partition
  std::vector<storage::TableRow> strays_;
  std::vector<bool> claimed_;  ///< which of strays_ a partition has made
  const std::size_t max_bytes_;
  std::size_t bytes_ = 0;
};

}  // namespace bytebasket::verification
