// A partition that this process owns, as the pipeline's own files see it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

#include "processors/pipeline.hpp"

namespace bytebasket::processors {

using SteadyClock = std::chrono::steady_clock;

/// How long a step waits for new records: also how fast stop() is noticed.
inline constexpr Milliseconds step_wait{100};

/// An engine that fails like that is asked again.
inline bool is_passing(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timed_out ||
         error.code == ErrorCode::resource_exhausted;
}

struct Pipeline::Owner {
  streams::TopicPartition where;
  std::unique_ptr<PartitionRunner> runner;
  std::thread thread;
  std::int64_t reported_memory = 0;
  SteadyClock::time_point lag_due;
  bool log_away = false;
  // Guarded by Pipeline::mutex_.
  Ending ending = Ending::none;
  Offset stored_end{0};
  Status outcome = ok();
  bool ended = false;
};

}  // namespace bytebasket::processors
