#include "processors/stored_partition.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "base/crash_point.hpp"

namespace bytebasket::processors {
namespace {

Status check_log(streams::TopicPartition partition, Position applied,
                 const streams::LogRange& range) {
  const std::string where = streams::to_string(partition);
  if (applied.epoch != range.epoch) {
    return fail(ErrorCode::corrupt,
                "the tables were made from epoch " + std::to_string(applied.epoch.value()) +
                    " of " + where + ", but the log is epoch " +
                    std::to_string(range.epoch.value()) +
                    ": use the tables that belong to this log, or rebuild them");
  }
  const std::string next = std::to_string(applied.offset.value() + 1);
  if (applied.offset.next() > range.end) {
    return fail(ErrorCode::corrupt, where + " ends at offset " + std::to_string(range.end.value()) +
                                        ", but the tables were made up to offset " + next +
                                        ": log and tables do not belong together");
  }
  if (applied.offset.next() < range.first) {
    return fail(ErrorCode::corrupt, where + " begins at offset " +
                                        std::to_string(range.first.value()) +
                                        ", but processing has to go on at offset " + next +
                                        ": retention removed records that were not processed yet");
  }
  return ok();
}

}  // namespace

Result<StoredPartition> StoredPartition::take_over(storage::TableStore& tables,
                                                   streams::TopicPartition where,
                                                   const AskForRange& range) {
  StoredPartition partition(tables, where);
  BB_RETURN_IF_ERROR(partition.load_state(range));
  if (!tables.atomic_writes()) {
    BB_ASSIGN_OR_RETURN(partition.intent_, IntentGuard::take_over(tables, where));
    // A former owner may have gone on meanwhile; from here on he begins no flush.
    BB_RETURN_IF_ERROR(partition.load_state(range));
    partition.begun_ = std::max(partition.begun_, partition.intent_->found().upto);
  }
  return partition;
}

Status StoredPartition::load_state(const AskForRange& range) {
  BB_ASSIGN_OR_RETURN(auto stored, JobState::load(*tables_, where_));
  // Asked for after the state, which a former owner may be moving: so the log cannot seem to be
  // behind.
  BB_ASSIGN_OR_RETURN(const streams::LogRange held, range());
  state_ = stored ? std::move(*stored)
                  : JobState{.applied = {held.epoch, Offset(-1)}, .definitions = {}};
  begun_ = state_.applied;
  return check_log(where_, state_.applied, held);
}

Result<std::size_t> StoredPartition::flush(JobState next, Levels changed) {
  std::size_t rows = 1;
  for (const auto& level : changed.levels) rows += level.size();
  crash_point("flush.before_intent");
  storage::Mutation state = next.row(where_);
  BB_RETURN_IF_ERROR(intent_ ? write_by_levels(std::move(changed), std::move(state))
                             : write_at_once(std::move(changed), std::move(state)));
  crash_point("flush.after_offset");
  state_ = std::move(next);
  begun_ = state_.applied;
  return rows;
}

Status StoredPartition::write_by_levels(Levels changed, storage::Mutation state) {
  BB_RETURN_IF_ERROR(intent_->announce(state.position));
  crash_point("flush.after_intent");
  for (auto& level : changed.levels) {
    if (!level.empty()) BB_RETURN_IF_ERROR(storage::write_now(*tables_, std::move(level)));
    crash_point("flush.between_levels");
  }
  crash_point("flush.before_offset");
  return storage::write_now(*tables_, {std::move(state)});
}

Status StoredPartition::write_at_once(Levels changed, storage::Mutation state) {
  std::vector<storage::Mutation> all;
  std::size_t count = 1;
  for (const auto& level : changed.levels) count += level.size();
  all.reserve(count);
  for (auto& level : changed.levels) std::move(level.begin(), level.end(), std::back_inserter(all));
  all.push_back(std::move(state));
  return storage::write_now(*tables_, std::move(all));
}

}  // namespace bytebasket::processors
