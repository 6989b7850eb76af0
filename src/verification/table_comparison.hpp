// One table compared with what was computed again, row by row.
#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "base/result.hpp"
#include "verification/findings.hpp"
#include "verification/horizon.hpp"
#include "verification/moved_rows.hpp"
#include "verification/recomputation.hpp"
#include "verification/scratch.hpp"
#include "verification/scratch_walk.hpp"

namespace bytebasket::verification {

/// What is compared with what.
struct Sides {
  storage::TableStore& live;
  Scratch& scratch;
  const Recomputation& recomputation;
  const Horizon& horizon;
  const Clock& clock;  ///< of the live tables, or near it
};

/// Walks the live table and looks each row up in the scratch; rows that stand beyond what is
/// recomputed go to `moved`. Rows that are missing are found by counting: only where the scratch
/// has more rows than were met is it walked too. Not thread-safe.
class TableComparison {
 public:
  TableComparison(Sides sides, storage::TableId table, MovedRows& moved, Findings& findings)
      : sides_(sides), table_(table), moved_(moved), findings_(findings) {}

  /// `lasting`: rows that expire before it may be gone on one side and not yet on the other.
  Status run(Timestamp lasting);

 private:
  Status compare_page(std::vector<storage::TableRow> rows, ScratchWalk& walk);
  Status look_again(std::vector<storage::TableRow> rows);
  void compare_row(storage::TableRow row, std::size_t owner, std::string_view recomputed);
  void judge_stray(storage::TableRow row);
  void add_extra(storage::TableRow row, std::optional<std::size_t> owner);
  [[nodiscard]] bool counts(const storage::RowKey& key, std::string_view scratch_value) const;
  Status find_missing();
  Status find_missing(const HeldRows& rows);
  Status find_missing(const std::vector<storage::TableRow>& candidates);

  Sides sides_;
  const storage::TableId table_;
  MovedRows& moved_;
  Findings& findings_;
  Timestamp lasting_;
  std::uint64_t met_ = 0;  ///< lasting rows of the scratch that the live table has, emptied or not
  std::set<storage::RowKey>
      emptied_;  ///< of those met, the emptied ones: reading does not show them
};

}  // namespace bytebasket::verification
