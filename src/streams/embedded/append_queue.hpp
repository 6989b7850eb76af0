// What callers have handed over and what is not yet durable: encoded already, and bounded.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "streams/append_limits.hpp"
#include "streams/event_log.hpp"
#include "streams/topology.hpp"

namespace bytebasket::streams {

/// Consecutive records of one partition, encoded. No longer than a stored batch may be, unless it
/// is one record.
struct Segment {
  std::size_t partition = 0;  ///< index in the topology
  std::uint32_t records = 0;
  std::string bytes;
};

/// One call of append(): its records by partition, and who is to be answered.
struct PendingAppend {
  std::vector<Segment> segments;
  /// One for each record; until it is committed, `offset` counts from 0 within the call and the
  /// partition.
  std::vector<AppendedAt> places;
  std::size_t bytes = 0;
  EventLog::AppendCallback done;
};

/// Encodes records for the queue. Fails when a record names a partition that does not exist or is
/// larger than `max_record_bytes`; `max_segment_bytes` is where a segment ends.
Result<PendingAppend> encode_append(const std::vector<NewRecord>& records, const Topology& topology,
                                    std::size_t max_record_bytes, std::size_t max_segment_bytes);

/// The queue in front of the committing thread. Thread-safe. What is being committed still counts
/// against the limits: they bound memory.
class AppendQueue {
 public:
  AppendQueue(std::size_t max_records, std::size_t max_bytes) : room_(max_records, max_bytes) {}

  /// Takes `pending` when there is room (an empty queue has room for anything); otherwise leaves it
  /// as it is and says why: resource_exhausted, or cancelled after close().
  Status push(PendingAppend& pending);

  /// Waits, then gives what is queued, in order, up to `max_bytes` (but at least one). Empty after
  /// close() when all is taken. What was given before counts as done.
  std::vector<PendingAppend> take(std::size_t max_bytes);

  void close();

 private:
  std::mutex mutex_;
  std::condition_variable not_empty_;
  std::deque<PendingAppend> pending_;
  AppendRoom room_;  ///< less what is queued and taken
  std::size_t taken_records_ = 0;
  std::size_t taken_bytes_ = 0;
  bool closed_ = false;
};

}  // namespace bytebasket::streams
