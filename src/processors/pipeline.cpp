#include "processors/pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "processors/job_state.hpp"

namespace bytebasket::processors {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// How long a step waits for new records: also how fast stop() is noticed.
constexpr Milliseconds step_wait{100};
/// How long the last records before a stop may take to be read.
constexpr Milliseconds drain_wait{2'000};
/// Who was taken for dead learns within this time that a partition is not his any more.
constexpr Milliseconds conflict_pause{2'000};
/// Between two questions whether the log is there, of a process that owns nothing.
constexpr Milliseconds log_look_interval{1'000};
/// Between two looks at what other processes have stored.
constexpr Milliseconds look_interval{100};

bool is_passing(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timed_out ||
         error.code == ErrorCode::resource_exhausted;
}

}  // namespace

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

Pipeline::Pipeline(streams::EventLog& log, storage::TableStore& tables, ProcessorFactory processors,
                   std::unique_ptr<streams::Assignment> assignment, PipelineOptions options,
                   Counters& counters)
    : log_(log),
      tables_(tables),
      processors_(std::move(processors)),
      assignment_(std::move(assignment)),
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
                    .definitions = options_.definitions,
                    .commit = [this](streams::TopicPartition where, Offset next) {
                      return assignment_->commit(where, next);
                    }});
}

Status Pipeline::start() {
  BB_ASSIGN_OR_RETURN(const auto first, assignment_->poll(Milliseconds(0)));
  if (first) BB_RETURN_IF_ERROR(take_over(first->partitions));
  following_ = true;
  follower_ = std::thread([this] {
    follow_assignment();
    const std::lock_guard lock(mutex_);
    following_ = false;
    changed_.notify_all();
  });
  return ok();
}

Status Pipeline::take_over(const std::vector<streams::TopicPartition>& partitions) {
  for (const streams::TopicPartition where : partitions) {
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

void Pipeline::follow_assignment() {
  using Kind = streams::AssignmentChange::Kind;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    carry_out_change();
    look_at_log();
    const auto change = assignment_->poll(step_wait);
    if (!change) {
      spdlog::warn("{}", change.error().message);
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, options_.first_retry, [this] { return stopping_; });
    } else if (*change && (*change)->kind == Kind::assigned) {
      begin((*change)->partitions);
    } else if (*change) {
      const bool lost = (*change)->kind == Kind::lost;
      give_up((*change)->partitions, lost ? Ending::drop : Ending::flush);
    }
  }
}

void Pipeline::look_at_log() {
  // Who owns nothing, because the log is away, has to say so too.
  if (!assignment_->shared() || !owned().empty() || SteadyClock::now() < look_due_) return;
  const auto range = log_.range(options_.partitions.front());
  look_due_ = SteadyClock::now() + log_look_interval;
  if (range) {
    if (std::exchange(log_away_, false)) counters_.processing.trouble.clear();
  } else if (is_passing(range.error())) {
    log_away_ = true;
    counters_.processing.trouble.set(range.error().message);
  }
}

void Pipeline::begin(const std::vector<streams::TopicPartition>& partitions) {
  const std::lock_guard lock(mutex_);
  for (const streams::TopicPartition where : partitions) {
    spdlog::info("{} is ours", streams::to_string(where));
    auto& owner = *owners_.emplace_back(std::make_unique<Owner>());
    owner.where = where;
    owner.thread = std::thread([this, &owner] { drive(owner); });
  }
  changed_.notify_all();
}

void Pipeline::give_up(const std::vector<streams::TopicPartition>& partitions, Ending ending) {
  end_owners(partitions, ending);
  if (auto released = assignment_->released(partitions); !released)
    spdlog::warn("{}", released.error().message);
}

Status Pipeline::change_tables(const std::function<void()>& change) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return change_ == nullptr || !following_; });
  change_ = &change;
  changed_.notify_all();
  changed_.wait(lock, [&] { return change_ != &change || !following_; });
  if (change_ != &change) return ok();
  change_ = nullptr;
  return fail(ErrorCode::cancelled, "processing stops");
}

void Pipeline::carry_out_change() {
  const std::function<void()>* change = nullptr;
  {
    const std::lock_guard lock(mutex_);
    change = change_;
  }
  if (change == nullptr) return;
  const auto partitions = owned();
  end_owners(partitions, Ending::flush);
  (*change)();
  begin(partitions);
  const std::lock_guard lock(mutex_);
  change_ = nullptr;
  changed_.notify_all();
}

void Pipeline::end_owners(const std::vector<streams::TopicPartition>& partitions, Ending ending) {
  std::vector<std::unique_ptr<Owner>> leaving;
  {
    const std::lock_guard lock(mutex_);
    for (const streams::TopicPartition where : partitions) {
      const auto found = std::ranges::find(owners_, where, [](const auto& o) { return o->where; });
      if (found == owners_.end()) continue;
      (*found)->ending = ending;
      leaving.push_back(std::move(*found));
      owners_.erase(found);
    }
  }
  changed_.notify_all();
  for (const auto& owner : leaving) {
    owner->thread.join();
    spdlog::info("{} is given up{}", streams::to_string(owner->where),
                 ending == Ending::drop ? ", with what was not stored" : "");
    counters_.processing.partitions.of(streams::to_string(owner->where)).lag.clear();
  }
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

Status Pipeline::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (follower_.joinable()) follower_.join();
  Status first = ok();
  for (const auto& owner : owners_) {
    if (owner->thread.joinable()) owner->thread.join();
    if (first && !owner->outcome) first = owner->outcome;
  }
  assignment_->leave();
  return first;
}

Pipeline::Owner* Pipeline::find(streams::TopicPartition where) const {
  const auto found = std::ranges::find(owners_, where, [](const auto& o) { return o->where; });
  return found == owners_.end() ? nullptr : found->get();
}

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

Offset Pipeline::stored(streams::TopicPartition where) const {
  const std::lock_guard lock(mutex_);
  const Owner* owner = find(where);
  return owner == nullptr ? Offset(0) : owner->stored_end;
}

std::vector<streams::TopicPartition> Pipeline::owned() const {
  const std::lock_guard lock(mutex_);
  std::vector<streams::TopicPartition> partitions;
  for (const auto& owner : owners_) partitions.push_back(owner->where);
  return partitions;
}

}  // namespace bytebasket::processors
