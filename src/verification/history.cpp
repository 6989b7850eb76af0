#include "verification/history.hpp"

#include <algorithm>

namespace bytebasket::verification {

using streams::LogRange;
using streams::ReadLimits;
using streams::RecordBatch;
using streams::TopicPartition;

Result<LogRange> LogHistory::range(TopicPartition where) { return log_.range(where); }

Result<RecordBatch> LogHistory::read(TopicPartition where, Offset from, const ReadLimits& limits) {
  ReadLimits without_wait = limits;
  without_wait.max_wait = Milliseconds(0);
  return log_.read(where, from, without_wait);
}

Result<LogRange> JoinedHistory::older_range(TopicPartition where) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = older_ranges_.find(where); known != older_ranges_.end())
      return known->second;
  }
  BB_ASSIGN_OR_RETURN(const LogRange range, older_.range(where));
  const std::lock_guard lock(mutex_);
  return older_ranges_.try_emplace(where, range).first->second;
}

Result<LogRange> JoinedHistory::range(TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const LogRange newer, newer_.range(where));
  BB_ASSIGN_OR_RETURN(const LogRange older, older_range(where));
  const bool joins = older.first < older.end && older.end >= newer.first;
  if (!joins) return newer;
  if (older.epoch != newer.epoch) {
    return fail(ErrorCode::corrupt, "the lake holds epoch " + std::to_string(older.epoch.value()) +
                                        " of " + to_string(where) + ", but the log is epoch " +
                                        std::to_string(newer.epoch.value()) +
                                        ": name the lake that belongs to this log");
  }
  return LogRange{newer.epoch, std::min(older.first, newer.first), std::max(older.end, newer.end)};
}

Result<RecordBatch> JoinedHistory::read(TopicPartition where, Offset from,
                                        const ReadLimits& limits) {
  BB_ASSIGN_OR_RETURN(const LogRange older, older_range(where));
  if (from >= older.first && from < older.end) return older_.read(where, from, limits);
  return newer_.read(where, from, limits);
}

}  // namespace bytebasket::verification
