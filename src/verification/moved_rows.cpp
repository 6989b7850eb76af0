#include "verification/moved_rows.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "verification/owned_tables.hpp"
#include "verification/row_content.hpp"

namespace bytebasket::verification {

bool MovedRows::take_room(const storage::TableRow& row, Report& report) {
  const std::size_t size = sizeof(Moved) + row.key.partition.capacity() +
                           row.key.clustering.capacity() + row.value.capacity();
  if (bytes_ + size > max_bytes_) {
    ++report.moved_out_of_reach;
    return false;
  }
  bytes_ += size;
  return true;
}

void MovedRows::add(std::size_t partition, storage::TableRow row, Report& report) {
  if (take_room(row, report)) rows_[partition].push_back({std::move(row), std::nullopt});
}

void MovedRows::add(const std::vector<std::size_t>& candidates, storage::TableRow row,
                    Report& report) {
  for (const std::size_t partition : candidates) {
    if (!take_room(row, report)) return;
    rows_[partition].push_back({row, strays_.size()});
  }
  strays_.push_back(std::move(row));
  claimed_.push_back(false);
}

Status MovedRows::compare(storage::TableStore& live, Recomputation& recomputation, Scratch& scratch,
                          Findings& findings) {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].empty()) continue;
    const PartitionPlan& plan = recomputation.plan(i);
    BB_ASSIGN_OR_RETURN(const LivePosition position,
                        live_position(live, plan.where, plan.range.epoch));
    BB_RETURN_IF_ERROR(compare_partition(i, position.newest, recomputation, scratch, findings));
  }
  for (std::size_t i = 0; i < strays_.size(); ++i) {
    storage::TableRow& row = strays_[i];
    ++findings.table(row.key.table).compared;
    ++findings.report().moved;
    if (claimed_[i]) continue;
    findings.add({.kind = Difference::Kind::extra,
                  .key = std::move(row.key),
                  .stored = std::move(row.value),
                  .stored_position = row.position,
                  .compared_at = row.position});
  }
  return ok();
}

Status MovedRows::compare_partition(std::size_t index, Position newest,
                                    Recomputation& recomputation, Scratch& scratch,
                                    Findings& findings) {
  auto& rows = rows_[index];
  std::sort(rows.begin(), rows.end(), [](const Moved& a, const Moved& b) {
    return std::tie(a.row.position, a.row.key) < std::tie(b.row.position, b.row.key);
  });
  for (std::size_t begin = 0; begin < rows.size();) {
    const Position position = rows[begin].row.position;
    std::vector<const Moved*> same;
    for (; begin < rows.size() && rows[begin].row.position == position; ++begin)
      same.push_back(&rows[begin]);
    if (position <= newest) {
      scratch.clock().show_all();
      BB_RETURN_IF_ERROR(recomputation.replay(index).advance(position));
      BB_RETURN_IF_ERROR(compare_at(index, same, recomputation, scratch, findings));
      continue;
    }
    for (const Moved* moved : same) {
      if (moved->stray) continue;
      ++findings.table(moved->row.key.table).compared;
      findings.add({.kind = Difference::Kind::wrong_position,
                    .key = moved->row.key,
                    .owner = recomputation.plan(index).where,
                    .stored = moved->row.value,
                    .stored_position = position,
                    .compared_at = newest});
    }
  }
  rows.clear();
  return ok();
}

Status MovedRows::compare_at(std::size_t index, const std::vector<const Moved*>& rows,
                             const Recomputation& recomputation, Scratch& scratch,
                             Findings& findings) {
  std::vector<storage::RowKey> keys;
  keys.reserve(rows.size());
  for (const Moved* moved : rows) keys.push_back(moved->row.key);
  BB_ASSIGN_OR_RETURN(const auto recomputed, storage::get_now(scratch.tables(), std::move(keys)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Moved& moved = *rows[i];
    const auto owned = recomputed[i] ? split_owner(recomputed[i]->value) : std::nullopt;
    if (moved.stray) {
      if (!owned || owned->owner != index) continue;
      claimed_[*moved.stray] = true;
    } else {
      ++findings.table(moved.row.key.table).compared;
      ++findings.report().moved;
    }
    const std::string_view value = owned ? owned->value : std::string_view();
    if (same_content(moved.row.key, moved.row.value, value)) continue;
    findings.add({.kind = Difference::Kind::wrong_value,
                  .key = moved.row.key,
                  .owner = recomputation.plan(index).where,
                  .stored = moved.row.value,
                  .recomputed = std::string(value),
                  .stored_position = moved.row.position,
                  .compared_at = moved.row.position});
  }
  return ok();
}

}  // namespace bytebasket::verification
