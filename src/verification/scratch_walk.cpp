#include "verification/scratch_walk.hpp"

#include <algorithm>
#include <utility>

namespace bytebasket::verification {

bool ScratchWalk::come_in_order(const std::vector<storage::TableRow>& rows) const {
  return (!last_ || *last_ < rows.front().key) &&
         std::ranges::is_sorted(rows, {}, &storage::TableRow::key);
}

Result<std::vector<std::optional<std::string>>> ScratchWalk::ask(
    const std::vector<storage::TableRow>& rows) {
  std::vector<storage::RowKey> keys;
  keys.reserve(rows.size());
  for (const storage::TableRow& row : rows) keys.push_back(row.key);
  BB_ASSIGN_OR_RETURN(auto found, storage::get_now(tables_, std::move(keys)));
  std::vector<std::optional<std::string>> values(rows.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i]) values[i] = std::move(found[i]->value);
  }
  return values;
}

Status ScratchWalk::next_page() {
  BB_ASSIGN_OR_RETURN(auto page, storage::enumerate_now(tables_, request_));
  page_ = std::move(page.rows);
  at_ = 0;
  more_ = page.next.has_value();
  if (more_) request_.from = std::move(*page.next);
  for (const storage::TableRow& row : page_) passed_(row);
  return ok();
}

Result<std::vector<std::optional<std::string>>> ScratchWalk::look_up(
    const std::vector<storage::TableRow>& rows) {
  if (rows.empty()) return std::vector<std::optional<std::string>>();
  if (!come_in_order(rows)) return ask(rows);
  std::vector<std::optional<std::string>> values(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const storage::RowKey& key = rows[i].key;
    for (;; ++at_) {
      while (at_ == page_.size() && more_) BB_RETURN_IF_ERROR(next_page());
      if (at_ == page_.size() || !(page_[at_].key < key)) break;
    }
    if (at_ == page_.size() || page_[at_].key != key) continue;
    // Emptied rows are enumerated, but are none.
    if (!page_[at_].value.empty()) values[i] = std::move(page_[at_].value);
    ++at_;
  }
  last_ = rows.back().key;
  return values;
}

Status ScratchWalk::finish() {
  while (more_) BB_RETURN_IF_ERROR(next_page());
  return ok();
}

}  // namespace bytebasket::verification
