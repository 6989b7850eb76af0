// What was ever appended to a partition, in order: from the lake, from the log, or from one after
// the other.
#pragma once

#include <map>
#include <mutex>

#include "base/result.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::verification {

/// Thread-safe.
class History {
 public:
  virtual ~History() = default;
  /// The epoch, the oldest offset from which on nothing is missing, and one past the newest.
  virtual Result<streams::LogRange> range(streams::TopicPartition where) = 0;
  /// Records from `from` on, in order and without gaps, as EventLog::read; never waits.
  virtual Result<streams::RecordBatch> read(streams::TopicPartition where, Offset from,
                                            const streams::ReadLimits& limits) = 0;
};

/// What the log still holds.
class LogHistory final : public History {
 public:
  /// `log` must outlive it.
  explicit LogHistory(streams::EventLog& log) : log_(log) {}
  Result<streams::LogRange> range(streams::TopicPartition where) override;
  Result<streams::RecordBatch> read(streams::TopicPartition where, Offset from,
                                    const streams::ReadLimits& limits) override;

 private:
  streams::EventLog& log_;
};

/// `older` as far as it goes, then `newer`: the lake, then the log's tail that is not archived yet.
/// Where records between the two are missing, only `newer` counts. How far `older` goes is asked
/// once for each partition, for listing a lake is slow.
class JoinedHistory final : public History {
 public:
  /// Both must outlive it.
  JoinedHistory(History& older, History& newer) : older_(older), newer_(newer) {}
  Result<streams::LogRange> range(streams::TopicPartition where) override;
  Result<streams::RecordBatch> read(streams::TopicPartition where, Offset from,
                                    const streams::ReadLimits& limits) override;

 private:
  Result<streams::LogRange> older_range(streams::TopicPartition where);

  History& older_;
  History& newer_;
  std::mutex mutex_;
  std::map<streams::TopicPartition, streams::LogRange> older_ranges_;
};

}  // namespace bytebasket::verification
