#include "verification/events_behind.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "events/event_reader.hpp"
#include "verification/watched_tables.hpp"

namespace bytebasket::verification {
namespace {

/// The differences of one partition by their keys.
using Wanted = std::map<storage::RowKey, Difference*>;

/// One walk over the partition, with the keys that are looked for watched.
class Walk {
 public:
  static Result<std::unique_ptr<Walk>> begin(const EventSearch& search, const PartitionPlan& plan,
                                             const Wanted& wanted) {
    BB_ASSIGN_OR_RETURN(auto scratch, search.make_scratch());
    std::set<storage::RowKey> keys;
    for (const auto& [key, difference] : wanted) keys.insert(key);
    std::unique_ptr<Walk> walk(new Walk(search, plan, std::move(scratch), std::move(keys)));
    BB_RETURN_IF_ERROR(walk->replay_.start());
    return walk;
  }

  /// Moves on, and says which of the keys were written on the way.
  Result<std::set<storage::RowKey>> advance(Offset until) {
    BB_RETURN_IF_ERROR(replay_.advance({epoch_, until}));
    return tables_.take_written();
  }

 private:
  Walk(const EventSearch& search, const PartitionPlan& plan, std::unique_ptr<Scratch> scratch,
       std::set<storage::RowKey> keys)
      : scratch_(std::move(scratch)),
        epoch_(plan.range.epoch),
        tables_(scratch_->tables(), std::move(keys)),
        replay_(search.history, tables_, search.processors, plan.where, plan.range, plan.acting,
                search.options) {}

  std::unique_ptr<Scratch> scratch_;
  const Epoch epoch_;
  WatchedTables tables_;
  PartitionReplay replay_;
};

Result<EventBehind> describe(History& history, streams::TopicPartition where, Offset offset) {
  BB_ASSIGN_OR_RETURN(const auto batch, history.read(where, offset, {.max_records = 1}));
  EventBehind behind;
  behind.offset = offset;
  if (batch.empty()) return behind;
  const streams::Record& record = batch.records().front();
  behind.append_time = record.append_time;
  if (record.type != streams::RecordType::event) return behind;
  events::EventReader reader;
  if (const auto event = reader.read(record.value)) behind.message_id = event->message_id;
  return behind;
}

/// For each stride in which a row changed, which rows.
using Strides = std::map<Offset, std::set<storage::RowKey>>;

Result<Strides> find_strides(const EventSearch& search, const PartitionPlan& plan,
                             const Wanted& wanted, Offset last) {
  Strides strides;
  BB_ASSIGN_OR_RETURN(const auto walk, Walk::begin(search, plan, wanted));
  for (Offset from = plan.range.first; from <= last;) {
    const Offset until = std::min(Offset(from.value() + search.stride - 1), last);
    BB_ASSIGN_OR_RETURN(auto written, walk->advance(until));
    if (!written.empty()) strides.emplace(from, std::move(written));
    from = until.next();
  }
  return strides;
}

/// True where every row of the stride has as many events as are kept.
bool satisfied(const std::set<storage::RowKey>& keys, const Wanted& wanted, std::size_t kept) {
  return std::ranges::all_of(keys, [&](const storage::RowKey& key) {
    Difference& difference = *wanted.at(key);
    if (difference.events.size() < kept) return false;
    difference.more_events = true;
    return true;
  });
}

Status note_events(const EventSearch& search, const PartitionPlan& plan, const Wanted& wanted,
                   const std::set<storage::RowKey>& written, Offset offset) {
  std::optional<EventBehind> behind;
  for (const storage::RowKey& key : written) {
    Difference& difference = *wanted.at(key);
    if (offset > difference.compared_at.offset) continue;
    if (difference.events.size() >= search.kept) {
      difference.more_events = true;
      continue;
    }
    if (!behind) {
      BB_ASSIGN_OR_RETURN(behind, describe(search.history, plan.where, offset));
    }
    difference.events.push_back(*behind);
  }
  return ok();
}

}  // namespace

Status find_events_behind(const EventSearch& search, const PartitionPlan& plan,
                          std::vector<Difference>& differences) {
  Wanted wanted;
  Offset last(-1);
  for (Difference& difference : differences) {
    if (difference.owner != plan.where) continue;
    wanted[difference.key] = &difference;
    last = std::max(last, difference.compared_at.offset);
  }
  last = std::min(last, Offset(plan.range.end.value() - 1));
  if (wanted.empty() || last < plan.range.first) return ok();
  BB_ASSIGN_OR_RETURN(const Strides strides, find_strides(search, plan, wanted, last));
  BB_ASSIGN_OR_RETURN(const auto walk, Walk::begin(search, plan, wanted));
  for (const auto& [from, keys] : strides) {
    if (satisfied(keys, wanted, search.kept)) continue;
    if (from > plan.range.first) {
      BB_ASSIGN_OR_RETURN(const auto before, walk->advance(Offset(from.value() - 1)));
      static_cast<void>(before);
    }
    const Offset end(std::min(from.value() + search.stride, last.value() + 1));
    for (Offset offset = from; offset < end; offset = offset.next()) {
      BB_ASSIGN_OR_RETURN(const auto written, walk->advance(offset));
      BB_RETURN_IF_ERROR(note_events(search, plan, wanted, written, offset));
    }
  }
  return ok();
}

}  // namespace bytebasket::verification
