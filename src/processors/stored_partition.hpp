// What is stored of one partition, and how a flush is stored: the writer's side of "The position
// rule" in ARCHITECTURE.md.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "base/position.hpp"
#include "base/result.hpp"
#include "processors/job_state.hpp"
#include "processors/processor.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::processors {

/// One owner; not thread-safe. After an error throw it away: what take_over() then finds says what
/// has to be repeated.
class StoredPartition {
 public:
  using AskForRange = std::function<Result<streams::LogRange>()>;

  /// Takes the partition over from whoever owned it. `range` says what the log has of it; `corrupt`
  /// when log and tables do not belong together, `conflict` when somebody else takes it over too.
  static Result<StoredPartition> take_over(storage::TableStore& tables,
                                           streams::TopicPartition where, const AskForRange& range);

  /// Up to where everything is stored, and what acted there.
  [[nodiscard]] const JobState& state() const { return state_; }

  /// Up to where rows may be stored: beyond state() where a flush was interrupted, which then has
  /// to be repeated from the log before anything else is applied.
  [[nodiscard]] Position begun() const { return begun_; }

  /// Stores the changed rows, the most derived level first, and then that all is stored up to
  /// `next`. The number of rows written. `conflict`: another owner has taken the partition over.
  Result<std::size_t> flush(JobState next, Levels changed);

 private:
  StoredPartition(storage::TableStore& tables, streams::TopicPartition where)
      : tables_(&tables), where_(where) {}
  Status load_state(const AskForRange& range);
  Status write_by_levels(Levels changed, storage::Mutation state);
  Status write_at_once(Levels changed, storage::Mutation state);

  storage::TableStore* tables_;
  streams::TopicPartition where_;
  JobState state_;
  Position begun_;
  std::optional<IntentGuard> intent_;  ///< only where writes are not atomic
};

}  // namespace bytebasket::processors
