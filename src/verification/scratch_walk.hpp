// Rows of a scratch table, looked up beside the table that is compared.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "storage/table_store.hpp"
#include "verification/scratch.hpp"

namespace bytebasket::verification {

/// Where all rows are held in memory they are looked up there. Else, for rows that are asked for in
/// the order of their keys, as engines that sort by key enumerate them, it walks along beside them,
/// which costs a fraction of asking for each; where keys come in another order (Cassandra's is that
/// of its tokens) it asks. The scratch must not change meanwhile. Not thread-safe.
class ScratchWalk {
 public:
  using Passed = std::function<void(const storage::RowKey&, std::string_view value)>;
  /// nullopt where there is no row, or one that is emptied or expired.
  using Value = std::optional<std::string_view>;

  /// `passed` hears of every row of the table that is not expired, once, in the end.
  ScratchWalk(Scratch& scratch, storage::TableId table, Passed passed)
      : tables_(scratch.tables()),
        clock_(scratch.clock()),
        held_(tables_.all_rows(table)),
        request_{table, "", page_rows},
        passed_(std::move(passed)) {}

  /// The value of each row's key, in their order; valid until the next call.
  Result<std::span<const Value>> look_up(const std::vector<storage::TableRow>& rows);

  /// Walks to the end.
  Status finish();

 private:
  static constexpr std::uint32_t page_rows = 4'096;

  [[nodiscard]] bool come_in_order(const std::vector<storage::TableRow>& rows) const;
  void look_up_held(const std::vector<storage::TableRow>& rows);
  Status ask(const std::vector<storage::TableRow>& rows);
  Status walk_along(const std::vector<storage::TableRow>& rows);
  Status next_page();
  void pass_held();

  HeldTables& tables_;
  const Clock& clock_;
  const HeldRows* const held_;  ///< null where rows were moved out of memory
  storage::EnumerationRequest request_;
  const Passed passed_;
  std::vector<storage::TableRow> page_;
  std::size_t at_ = 0;                   ///< in the page
  bool more_ = true;                     ///< pages after this one
  std::optional<storage::RowKey> last_;  ///< that was looked up
  std::vector<Value> values_;            ///< of the last call
  std::vector<std::string> texts_;       ///< that they point into
  std::vector<std::uint64_t> hashes_;
};

}  // namespace bytebasket::verification
