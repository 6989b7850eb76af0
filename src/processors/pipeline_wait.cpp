// Waiting until something is stored, here or by another process.
#include <algorithm>
#include <utility>

#include "processors/job_state.hpp"
#include "processors/pipeline_owner.hpp"

namespace bytebasket::processors {
namespace {

/// Between two looks at what other processes have stored.
constexpr Milliseconds look_interval{100};

}  // namespace

Status Pipeline::check_stored(
    std::vector<std::pair<streams::TopicPartition, Offset>>& missing) const {
  std::vector<std::pair<streams::TopicPartition, Offset>> elsewhere;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [where, end] : missing) {
      const Owner* owner = find(where);
      if (owner != nullptr && owner->ended && owner->stored_end < end)
        return fail(ErrorCode::cancelled, "processing has stopped before everything was stored");
      if (owner == nullptr) elsewhere.emplace_back(where, end);
    }
    std::erase_if(missing, [&](const auto& wanted) {
      const Owner* owner = find(wanted.first);
      return owner == nullptr || owner->stored_end >= wanted.second;
    });
  }
  for (const auto& [where, end] : elsewhere) {
    BB_ASSIGN_OR_RETURN(const auto state, JobState::load(tables_, where));
    if (!state || state->applied.offset.next() < end) missing.emplace_back(where, end);
  }
  return ok();
}

Status Pipeline::wait_until_stored(
    const std::vector<std::pair<streams::TopicPartition, Offset>>& ends, Milliseconds patience) {
  // A longer wait overflows the clock's nanoseconds and would end at once.
  patience = std::min<Milliseconds>(patience, std::chrono::days(365));
  const auto deadline = SteadyClock::now() + patience;
  auto missing = ends;
  while (true) {
    BB_RETURN_IF_ERROR(check_stored(missing));
    if (missing.empty()) return ok();
    if (SteadyClock::now() >= deadline)
      return fail(ErrorCode::timed_out, "processing has not caught up in time");
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, look_interval);
  }
}

}  // namespace bytebasket::processors
