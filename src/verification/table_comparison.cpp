#include "verification/table_comparison.hpp"

#include <algorithm>
#include <utility>

#include "verification/owned_tables.hpp"
#include "verification/row_content.hpp"

namespace bytebasket::verification {
namespace {

/// Many, for each page is a search of its own.
constexpr std::uint32_t page_rows = 4'096;
/// A longer aggregate is taken for one that says something without a look at it.
constexpr std::size_t longest_of_nothing = 16;
/// By which clocks of two machines, and expiries in whole seconds, may differ.
constexpr Milliseconds clock_tolerance{5'000};

std::vector<storage::RowKey> keys_of(const std::vector<storage::TableRow>& rows) {
  std::vector<storage::RowKey> keys;
  keys.reserve(rows.size());
  for (const storage::TableRow& row : rows) keys.push_back(row.key);
  return keys;
}

}  // namespace

Status TableComparison::run(Timestamp lasting) {
  lasting_ = lasting;
  sides_.scratch.clock().set(lasting_);
  std::uint64_t lasting_rows = 0;
  ScratchWalk walk(sides_.scratch, table_, [&](const storage::RowKey& key, std::string_view value) {
    lasting_rows += counts(key, value) ? 1 : 0;
  });
  storage::EnumerationRequest request{table_, "", page_rows};
  for (bool more = true; more;) {
    BB_ASSIGN_OR_RETURN(auto page, storage::enumerate_now(sides_.live, request));
    BB_RETURN_IF_ERROR(compare_page(std::move(page.rows), walk));
    more = page.next.has_value();
    if (more) request.from = std::move(*page.next);
  }
  BB_RETURN_IF_ERROR(walk.finish());
  if (lasting_rows > met_) BB_RETURN_IF_ERROR(find_missing());
  return ok();
}

/// Rows that say nothing are not counted: where the log was cut elsewhere, one side lacks them.
bool TableComparison::counts(const storage::RowKey& key, std::string_view scratch_value) const {
  const auto owned = split_owner(scratch_value);
  if (!owned || is_bookkeeping(key) || !sides_.horizon.comparable(owned->owner, key)) return false;
  return owned->value.size() > longest_of_nothing || !same_content(key, {}, owned->value);
}

Status TableComparison::compare_page(std::vector<storage::TableRow> rows, ScratchWalk& walk) {
  std::erase_if(rows, [](const storage::TableRow& row) { return is_bookkeeping(row.key); });
  BB_ASSIGN_OR_RETURN(const auto found, walk.look_up(rows));
  std::vector<storage::TableRow> not_found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!found[i]) {
      not_found.push_back(std::move(rows[i]));
      continue;
    }
    if (counts(rows[i].key, *found[i])) {
      ++met_;
      if (rows[i].value.empty()) emptied_.insert(rows[i].key);
    }
    const auto owned = split_owner(*found[i]);
    compare_row(std::move(rows[i]), owned->owner, owned->value);
  }
  return look_again(std::move(not_found));
}

/// Rows that the scratch does not have, or that expire there soon.
Status TableComparison::look_again(std::vector<storage::TableRow> rows) {
  if (rows.empty()) return ok();
  sides_.scratch.clock().show_all();
  const auto found = storage::get_now(sides_.scratch.tables(), keys_of(rows));
  sides_.scratch.clock().set(lasting_);
  if (!found) return fail(found.error());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto owned = (*found)[i] ? split_owner((*found)[i]->value) : std::nullopt;
    if (owned) {
      compare_row(std::move(rows[i]), owned->owner, owned->value);
    } else if (const auto where = owner_of(rows[i].key)) {
      const auto owner = sides_.recomputation.index_of(*where);
      if (owner) {
        compare_row(std::move(rows[i]), *owner, {});
      } else {
        add_extra(std::move(rows[i]), std::nullopt);
      }
    } else {
      judge_stray(std::move(rows[i]));
    }
  }
  return ok();
}

void TableComparison::compare_row(storage::TableRow row, std::size_t owner,
                                  std::string_view recomputed) {
  TableReport& table = findings_.table(table_);
  if (!sides_.horizon.comparable(owner, row.key)) {
    ++table.not_comparable;
    return;
  }
  const Position at = sides_.recomputation.at(owner);
  if (row.position.epoch == at.epoch && row.position > at)
    return moved_.add(owner, std::move(row), findings_.report());
  ++table.compared;
  const bool same_log = row.position.epoch == at.epoch;
  if (same_log && same_content(row.key, row.value, recomputed)) return;
  const auto kind = !same_log            ? Difference::Kind::wrong_position
                    : recomputed.empty() ? Difference::Kind::extra
                                         : Difference::Kind::wrong_value;
  findings_.add({.kind = kind,
                 .key = std::move(row.key),
                 .owner = sides_.recomputation.plan(owner).where,
                 .stored = std::move(row.value),
                 .recomputed = std::string(recomputed),
                 .stored_position = row.position,
                 .compared_at = at});
}

/// A row of which the key does not say the partition, and that no partition has made so far.
void TableComparison::judge_stray(storage::TableRow row) {
  if (row.value.empty()) return;
  if (!sides_.horizon.complete()) {
    ++findings_.table(table_).not_comparable;
    return;
  }
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < sides_.recomputation.size(); ++i) {
    const bool may_be = sides_.recomputation.plan(i).where.stream == streams::Stream::user_activity;
    const Position at = sides_.recomputation.at(i);
    if (may_be && row.position.epoch == at.epoch && row.position > at) candidates.push_back(i);
  }
  if (!candidates.empty()) return moved_.add(candidates, std::move(row), findings_.report());
  add_extra(std::move(row), std::nullopt);
}

void TableComparison::add_extra(storage::TableRow row, std::optional<std::size_t> owner) {
  ++findings_.table(table_).compared;
  Difference difference{.kind = Difference::Kind::extra,
                        .key = std::move(row.key),
                        .stored = std::move(row.value),
                        .stored_position = row.position,
                        .compared_at = row.position};
  if (owner) difference.owner = sides_.recomputation.plan(*owner).where;
  findings_.add(std::move(difference));
}

Status TableComparison::find_missing() {
  if (const HeldRows* const held = sides_.scratch.tables().all_rows(table_))
    return find_missing(*held);
  storage::EnumerationRequest request{table_, "", page_rows};
  for (bool more = true; more;) {
    BB_ASSIGN_OR_RETURN(auto page, storage::enumerate_now(sides_.scratch.tables(), request));
    std::erase_if(page.rows, [&](const storage::TableRow& row) {
      return !counts(row.key, row.value) || emptied_.contains(row.key);
    });
    BB_RETURN_IF_ERROR(find_missing(page.rows));
    more = page.next.has_value();
    if (more) request.from = std::move(*page.next);
  }
  return ok();
}

Status TableComparison::find_missing(const HeldRows& rows) {
  std::vector<storage::TableRow> candidates;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const storage::RowView row = rows.row(i);
    storage::RowKey key{table_, std::string(row.partition), std::string(row.clustering)};
    if (!row.expired(lasting_) && counts(key, row.value) && !emptied_.contains(key))
      candidates.push_back({.key = std::move(key)});
    if (candidates.size() < page_rows && i + 1 < rows.size()) continue;
    BB_RETURN_IF_ERROR(find_missing(candidates));
    candidates.clear();
  }
  return ok();
}

Status TableComparison::find_missing(const std::vector<storage::TableRow>& candidates) {
  BB_ASSIGN_OR_RETURN(const auto there, storage::get_now(sides_.live, keys_of(candidates)));
  sides_.scratch.clock().set(std::max(lasting_, sides_.clock.now() + clock_tolerance));
  const auto left = storage::get_now(sides_.scratch.tables(), keys_of(candidates));
  sides_.scratch.clock().set(lasting_);
  if (!left) return fail(left.error());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto owned = (*left)[i] ? split_owner((*left)[i]->value) : std::nullopt;
    if (there[i] || !owned || same_content(candidates[i].key, {}, owned->value)) continue;
    ++findings_.table(table_).compared;
    findings_.add({.kind = Difference::Kind::missing,
                   .key = candidates[i].key,
                   .owner = sides_.recomputation.plan(owned->owner).where,
                   .recomputed = std::string(owned->value),
                   .compared_at = sides_.recomputation.at(owned->owner)});
  }
  return ok();
}

}  // namespace bytebasket::verification
