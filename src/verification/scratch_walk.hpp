// Rows of a scratch table, looked up by walking along beside the table that is compared.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::verification {

/// For rows that are asked for in the order of their keys, as engines that sort by key enumerate
/// them, this costs a fraction of asking for each. Where keys come in another order (Cassandra's is
/// that of its tokens) it asks. The scratch must not change meanwhile. Not thread-safe.
class ScratchWalk {
 public:
  using Passed = std::function<void(const storage::TableRow&)>;

  /// `passed` hears of every row of the table, once, in the end.
  ScratchWalk(storage::TableStore& tables, storage::TableId table, Passed passed)
      : tables_(tables), request_{table, "", page_rows}, passed_(std::move(passed)) {}

  /// The value of each row's key, in their order; nullopt where there is none.
  Result<std::vector<std::optional<std::string>>> look_up(
      const std::vector<storage::TableRow>& rows);

  /// Walks to the end.
  Status finish();

 private:
  static constexpr std::uint32_t page_rows = 1'000;

  [[nodiscard]] bool come_in_order(const std::vector<storage::TableRow>& rows) const;
  Result<std::vector<std::optional<std::string>>> ask(const std::vector<storage::TableRow>& rows);
  Status next_page();

  storage::TableStore& tables_;
  storage::EnumerationRequest request_;
  const Passed passed_;
  std::vector<storage::TableRow> page_;
  std::size_t at_ = 0;                   ///< in the page
  bool more_ = true;                     ///< pages after this one
  std::optional<storage::RowKey> last_;  ///< that was looked up
};

}  // namespace bytebasket::verification
