// One call of append() on its way through Kafka: answered when the last of its records is.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "base/result.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::streams::kafka {

struct PendingAppend;

/// What the client library carries along with each message.
struct PendingRecord {
  PendingAppend* append = nullptr;
  std::size_t index = 0;
};

/// Frees itself when finish() is called for its last record. The records of one append may be
/// finished by several threads.
struct PendingAppend {
  std::vector<AppendedAt> places;
  std::vector<PendingRecord> records;
  EventLog::AppendCallback done;
  std::size_t bytes = 0;
  std::atomic<std::size_t> open = 0;

  std::mutex mutex;
  Status outcome = ok();   ///< guarded by mutex: the first failure
  bool unsure = false;     ///< guarded by mutex: some failed record may have been written
  std::size_t failed = 0;  ///< guarded by mutex

  /// The error for the whole: `timed_out` where some of it may stand in the log.
  [[nodiscard]] Error error() const {
    Error error = outcome.error();
    if (unsure || failed < records.size()) error.code = ErrorCode::timed_out;
    return error;
  }
};

}  // namespace bytebasket::streams::kafka
