// How far a partition is processed: the rows of table `job_state`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/position.hpp"
#include "base/result.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::processors {

/// "Everything up to `applied` is stored", and which documents of definitions act at that point.
struct JobState {
  Position applied;
  std::map<std::string, std::string> definitions;  ///< kind → hash

  [[nodiscard]] storage::Mutation row(streams::TopicPartition where) const;
  static Result<std::optional<JobState>> load(storage::TableStore& tables,
                                              streams::TopicPartition where);
};

/// "A flush up to `upto` may be under way, begun by owner number `generation`." Written by
/// compare-and-set, so of two processes that believe to own a partition only one goes on.
struct FlushIntent {
  std::int64_t generation = 0;
  Position upto;

  bool operator==(const FlushIntent&) const = default;
  /// For those who look and own nothing.
  static Result<std::optional<FlushIntent>> load(storage::TableStore& tables,
                                                 streams::TopicPartition where);
};

/// The guarded row of a partition's flush intent. One owner; not thread-safe.
class IntentGuard {
 public:
  /// Reads the intent that stands there and takes the partition over (generation + 1). `conflict`:
  /// another owner took it at the same moment.
  static Result<IntentGuard> take_over(storage::TableStore& tables, streams::TopicPartition where);

  [[nodiscard]] const FlushIntent& found() const { return found_; }

  /// Writes the intent to flush up to `upto`. `conflict`: another owner has taken the partition
  /// over; stop.
  Status announce(Position upto);

 private:
  IntentGuard(storage::TableStore& tables, streams::TopicPartition where)
      : tables_(&tables), where_(where) {}
  Status swap(const FlushIntent& next);

  storage::TableStore* tables_;
  streams::TopicPartition where_;
  FlushIntent found_;
  std::optional<std::string> stored_;  ///< the bytes that stand in the row
  std::int64_t generation_ = 0;
};

}  // namespace bytebasket::processors
