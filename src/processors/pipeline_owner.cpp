// What the thread of an owned partition does: drives its runner, heals it, reports on it.
#include "processors/pipeline_owner.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace bytebasket::processors {
namespace {

/// How long the last records before a stop may take to be read.
constexpr Milliseconds drain_wait{2'000};
/// Who was taken for dead learns within this time that a partition is not his any more.
constexpr Milliseconds conflict_pause{2'000};

}  // namespace

std::unique_ptr<PartitionRunner> Pipeline::make_runner(const Owner& owner) const {
  return std::make_unique<PartitionRunner>(
      log_, tables_, processors_(owner.where),
      RunnerOptions{.where = owner.where,
                    .flush_interval = options_.flush_interval,
                    .max_memory = options_.max_memory / options_.partitions.size(),
                    .read = options_.read,
                    .retention = options_.retention,
                    .definitions = options_.definitions,
                    .commit = [this](streams::TopicPartition where, Offset next) {
                      return assignment_->commit(where, next);
                    }});
}

Pipeline::Ending Pipeline::ending(const Owner& owner) const {
  const std::lock_guard lock(mutex_);
  if (owner.ending != Ending::none) return owner.ending;
  return stopping_ ? Ending::drain : Ending::none;
}

bool Pipeline::pause(const Owner& owner, Milliseconds length) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, length,
                            [&] { return stopping_ || owner.ending != Ending::none; });
}

bool Pipeline::can_heal(const Error& error) const {
  return is_passing(error) || (error.code == ErrorCode::conflict && assignment_->shared());
}

void Pipeline::drive(Owner& owner) {
  Milliseconds retry = options_.first_retry;
  Status outcome = ok();
  while (true) {
    const Offset before = stored(owner.where);
    outcome = drive_runner(owner);
    if (outcome || !can_heal(outcome.error())) break;
    counters_.processing.trouble.set(streams::to_string(owner.where) + ": " +
                                     outcome.error().message);
    spdlog::warn("{}: {}; trying again", streams::to_string(owner.where), outcome.error().message);
    counters_.processing.flush_failures.add();
    owner.runner.reset();
    retry = stored(owner.where) > before ? options_.first_retry
                                         : std::min(retry * 2, options_.last_retry);
    const bool fenced = outcome.error().code == ErrorCode::conflict;
    if (!pause(owner, fenced ? std::max(retry, conflict_pause) : retry)) break;
  }
  end(owner, std::move(outcome));
}

void Pipeline::end(Owner& owner, Status outcome) {
  // Whoever gives a partition up leaves its troubles to the next owner.
  const bool given_up = ending(owner) == Ending::flush || ending(owner) == Ending::drop;
  if (given_up) counters_.processing.trouble.clear();
  if (!outcome && outcome.error().code != ErrorCode::cancelled && !given_up) {
    counters_.processing.trouble.set(streams::to_string(owner.where) + ": " +
                                     outcome.error().message);
    spdlog::error("{} stopped: {}", streams::to_string(owner.where), outcome.error().message);
  }
  owner.runner.reset();
  counters_.processing.memory.add(-std::exchange(owner.reported_memory, 0));
  {
    const std::lock_guard lock(mutex_);
    owner.outcome = std::move(outcome);
    owner.ended = true;
  }
  changed_.notify_all();
}

Status Pipeline::drive_runner(Owner& owner) {
  if (!owner.runner) {
    if (ending(owner) == Ending::drop || ending(owner) == Ending::flush) return ok();
    owner.runner = make_runner(owner);
    BB_RETURN_IF_ERROR(owner.runner->start());
    counters_.processing.trouble.clear();
  }
  RunnerProgress before = owner.runner->progress();
  while (ending(owner) == Ending::none) {
    auto stepped = owner.runner->step(step_wait);
    if (!stepped) return fail(std::move(stepped).error());
    report(owner, before);
    before = owner.runner->progress();
  }
  if (ending(owner) == Ending::drop) return ok();
  if (ending(owner) == Ending::drain) BB_RETURN_IF_ERROR(drain(owner));
  BB_RETURN_IF_ERROR(owner.runner->flush());
  report(owner, before);
  return ok();
}

Status Pipeline::drain(Owner& owner) {
  // What was acknowledged before the stop is in the log by now.
  BB_ASSIGN_OR_RETURN(const auto range, log_.range(owner.where));
  while (owner.runner->applied().offset.next() < range.end) {
    BB_ASSIGN_OR_RETURN(const std::size_t read, owner.runner->step(drain_wait));
    // What is left are offsets without records, or comes at the next start.
    if (read == 0) break;
  }
  return ok();
}

void Pipeline::report(Owner& owner, const RunnerProgress& before) {
  const RunnerProgress& progress = owner.runner->progress();
  auto& partition = counters_.processing.partitions.of(streams::to_string(owner.where));
  partition.processed.add(progress.events - before.events);
  counters_.processing.refused.add(progress.undecodable - before.undecodable);
  if (progress.flushes > before.flushes) counters_.processing.flush.record(progress.last_flush);
  const auto memory = static_cast<std::int64_t>(owner.runner->memory());
  counters_.processing.memory.add(memory - std::exchange(owner.reported_memory, memory));
  const Offset end = owner.runner->stored().offset.next();
  report_lag(owner, end);
  {
    const std::lock_guard lock(mutex_);
    if (owner.stored_end == end) return;
    owner.stored_end = end;
  }
  changed_.notify_all();
}

void Pipeline::report_lag(Owner& owner, Offset stored_end) {
  const auto now = SteadyClock::now();
  if (now < owner.lag_due) return;
  owner.lag_due = now + options_.lag_interval;
  const auto range = log_.range(owner.where);
  if (range) {
    counters_.processing.partitions.of(streams::to_string(owner.where))
        .lag.set(range->end.value() - stored_end.value());
    if (std::exchange(owner.log_away, false)) counters_.processing.trouble.clear();
  } else if (is_passing(range.error())) {
    owner.log_away = true;
    counters_.processing.trouble.set(streams::to_string(owner.where) + ": " +
                                     range.error().message);
  }
}

}  // namespace bytebasket::processors
