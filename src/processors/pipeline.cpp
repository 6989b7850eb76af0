#include "processors/pipeline.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace bytebasket::processors {
namespace {

/// How long a step waits for new records: also how fast stop() is noticed.
constexpr Milliseconds step_wait{100};

bool can_heal(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timed_out ||
         error.code == ErrorCode::resource_exhausted;
}

}  // namespace

struct Pipeline::Owner {
  streams::TopicPartition where;
  std::unique_ptr<PartitionRunner> runner;
  std::thread thread;
  std::int64_t reported_memory = 0;
  // Guarded by Pipeline::mutex_.
  Offset stored_end{0};
  Status outcome = ok();
  bool ended = false;
};

Pipeline::Pipeline(streams::EventLog& log, storage::TableStore& tables, ProcessorFactory processors,
                   PipelineOptions options, Counters& counters)
    : log_(log),
      tables_(tables),
      processors_(std::move(processors)),
      options_(std::move(options)),
      counters_(counters) {}

Pipeline::~Pipeline() { static_cast<void>(stop()); }

std::unique_ptr<PartitionRunner> Pipeline::make_runner(const Owner& owner) const {
  return std::make_unique<PartitionRunner>(
      log_, tables_, processors_(owner.where),
      RunnerOptions{.where = owner.where,
                    .flush_interval = options_.flush_interval,
                    .max_memory = options_.max_memory / options_.partitions.size(),
                    .read = options_.read,
                    .retention = options_.retention,
                    .definitions = options_.definitions});
}

Status Pipeline::start() {
  for (const streams::TopicPartition where : options_.partitions) {
    auto owner = std::make_unique<Owner>();
    owner->where = where;
    owner->runner = make_runner(*owner);
    if (auto started = owner->runner->start(); !started)
      return fail(started.error().within(streams::to_string(where)));
    owner->stored_end = owner->runner->stored().offset.next();
    owners_.push_back(std::move(owner));
  }
  for (const auto& owner : owners_)
    owner->thread = std::thread([this, &owner = *owner] { drive(owner); });
  return ok();
}

bool Pipeline::pause(Milliseconds length) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, length, [this] { return stopping_; });
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
    if (!pause(retry)) break;
    owner.runner = make_runner(owner);
    if (auto started = owner.runner->start(); !started) {
      outcome = started;
      owner.runner.reset();
      if (!can_heal(outcome.error())) break;
      continue;
    }
    counters_.processing.trouble.clear();
  }
  if (!outcome && outcome.error().code != ErrorCode::cancelled) {
    counters_.processing.trouble.set(streams::to_string(owner.where) + ": " +
                                     outcome.error().message);
    spdlog::error("{} stopped: {}", streams::to_string(owner.where), outcome.error().message);
  }
  owner.runner.reset();
  {
    const std::lock_guard lock(mutex_);
    owner.outcome = std::move(outcome);
    owner.ended = true;
  }
  changed_.notify_all();
}

Status Pipeline::drive_runner(Owner& owner) {
  if (!owner.runner) {
    owner.runner = make_runner(owner);
    BB_RETURN_IF_ERROR(owner.runner->start());
  }
  RunnerProgress before = owner.runner->progress();
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    auto stepped = owner.runner->step(step_wait);
    if (!stepped) return fail(std::move(stepped).error());
    report(owner, before);
    before = owner.runner->progress();
  }
  // What was acknowledged before the stop is in the log by now.
  BB_ASSIGN_OR_RETURN(const auto range, log_.range(owner.where));
  while (owner.runner->applied().offset.next() < range.end) {
    auto stepped = owner.runner->step(step_wait);
    if (!stepped) return fail(std::move(stepped).error());
  }
  BB_RETURN_IF_ERROR(owner.runner->flush());
  report(owner, before);
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
  if (const auto range = log_.range(owner.where)) {
    partition.lag.set(range->end.value() - end.value());
  }
  {
    const std::lock_guard lock(mutex_);
    if (owner.stored_end == end) return;
    owner.stored_end = end;
  }
  changed_.notify_all();
}

Status Pipeline::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  Status first = ok();
  for (const auto& owner : owners_) {
    if (owner->thread.joinable()) owner->thread.join();
    if (first && !owner->outcome) first = owner->outcome;
  }
  return first;
}

Status Pipeline::wait_until_stored(
    const std::vector<std::pair<streams::TopicPartition, Offset>>& ends, Milliseconds patience) {
  const auto behind = [&](const Owner& owner) {
    return std::any_of(ends.begin(), ends.end(), [&](const auto& end) {
      return end.first == owner.where && owner.stored_end < end.second;
    });
  };
  std::unique_lock lock(mutex_);
  bool hopeless = false;
  // A longer wait overflows the clock's nanoseconds and would end at once.
  patience = std::min<Milliseconds>(patience, std::chrono::days(365));
  const bool done = changed_.wait_for(lock, patience, [&] {
    bool waiting = false;
    hopeless = false;
    for (const auto& owner : owners_) {
      if (!behind(*owner)) continue;
      waiting = true;
      hopeless = hopeless || owner->ended;
    }
    return !waiting || hopeless;
  });
  if (hopeless)
    return fail(ErrorCode::cancelled, "processing has stopped before everything was stored");
  if (!done) return fail(ErrorCode::timed_out, "processing has not caught up in time");
  return ok();
}

Offset Pipeline::stored(streams::TopicPartition where) const {
  const std::lock_guard lock(mutex_);
  for (const auto& owner : owners_) {
    if (owner->where == where) return owner->stored_end;
  }
  return Offset(0);
}

}  // namespace bytebasket::processors
