#include "verification/scratch_walk.hpp"

#include <algorithm>
#include <utility>

namespace bytebasket::verification {

bool ScratchWalk::come_in_order(const std::vector<storage::TableRow>& rows) const {
  return (!last_ || *last_ < rows.front().key) &&
         std::ranges::is_sorted(rows, {}, &storage::TableRow::key);
}

Result<std::span<const ScratchWalk::Value>> ScratchWalk::look_up(
    const std::vector<storage::TableRow>& rows) {
  values_.assign(rows.size(), std::nullopt);
  texts_.clear();
  texts_.reserve(rows.size());
  if (held_ != nullptr) {
    look_up_held(rows);
  } else if (!rows.empty()) {
    BB_RETURN_IF_ERROR(come_in_order(rows) ? walk_along(rows) : ask(rows));
  }
  return values_;
}

/// Each row's place, the row and its bytes are fetched ahead of their turn: a lookup is little but
/// waiting for memory.
void ScratchWalk::look_up_held(const std::vector<storage::TableRow>& rows) {
  constexpr std::size_t ahead = 8;
  const Timestamp now = clock_.now();
  hashes_.clear();
  const auto at = [&](std::size_t i, std::size_t steps) {
    return i >= steps * ahead && i - steps * ahead < rows.size();
  };
  for (std::size_t i = 0; i < rows.size() + 3 * ahead; ++i) {
    if (at(i, 0)) held_->prefetch_place(hashes_.emplace_back(HeldRows::hash_of(rows[i].key)));
    if (at(i, 1)) held_->prefetch_row(hashes_[i - ahead]);
    if (at(i, 2)) held_->prefetch_bytes(hashes_[i - 2 * ahead]);
    if (!at(i, 3)) continue;
    const std::size_t place = i - 3 * ahead;
    const auto row = held_->find(rows[place].key, hashes_[place]);
    if (row && !row->value.empty() && !row->expired(now)) values_[place] = row->value;
  }
}

Status ScratchWalk::ask(const std::vector<storage::TableRow>& rows) {
  std::vector<storage::RowKey> keys;
  keys.reserve(rows.size());
  for (const storage::TableRow& row : rows) keys.push_back(row.key);
  BB_ASSIGN_OR_RETURN(auto found, storage::get_now(tables_, std::move(keys)));
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i]) values_[i] = texts_.emplace_back(std::move(found[i]->value));
  }
  return ok();
}

Status ScratchWalk::next_page() {
  BB_ASSIGN_OR_RETURN(auto page, storage::enumerate_now(tables_, request_));
  page_ = std::move(page.rows);
  at_ = 0;
  more_ = page.next.has_value();
  if (more_) request_.from = std::move(*page.next);
  for (const storage::TableRow& row : page_) passed_(row.key, row.value);
  return ok();
}

Status ScratchWalk::walk_along(const std::vector<storage::TableRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const storage::RowKey& key = rows[i].key;
    for (;; ++at_) {
      while (at_ == page_.size() && more_) BB_RETURN_IF_ERROR(next_page());
      if (at_ == page_.size() || !(page_[at_].key < key)) break;
    }
    if (at_ == page_.size() || page_[at_].key != key) continue;
    // Emptied rows are enumerated, but are none.
    if (!page_[at_].value.empty()) values_[i] = texts_.emplace_back(std::move(page_[at_].value));
    ++at_;
  }
  last_ = rows.back().key;
  return ok();
}

void ScratchWalk::pass_held() {
  const Timestamp now = clock_.now();
  storage::RowKey key{.table = request_.table};
  for (std::size_t i = 0; i < held_->size(); ++i) {
    const storage::RowView row = held_->row(i);
    if (row.expired(now)) continue;
    key.partition.assign(row.partition);
    key.clustering.assign(row.clustering);
    passed_(key, row.value);
  }
}

Status ScratchWalk::finish() {
  if (held_ != nullptr) {
    pass_held();
    return ok();
  }
  while (more_) BB_RETURN_IF_ERROR(next_page());
  return ok();
}

}  // namespace bytebasket::verification
