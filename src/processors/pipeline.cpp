#include "processors/pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "processors/pipeline_owner.hpp"

namespace bytebasket::processors {
namespace {

/// Between two questions whether the log is there, of a process that owns nothing.
constexpr Milliseconds log_look_interval{1'000};

}  // namespace

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

Offset Pipeline::stored(streams::TopicPartition where) const {
  const std::lock_guard lock(mutex_);
  const Owner* owner = find(where);
  return owner == nullptr ? Offset(0) : owner->stored_end;
}

std::vector<streams::TopicPartition> Pipeline::owned() const {
  const std::lock_guard lock(mutex_);
  std::vector<streams::TopicPartition> partitions;
  partitions.reserve(owners_.size());
  for (const auto& owner : owners_) partitions.push_back(owner->where);
  return partitions;
}

}  // namespace bytebasket::processors
