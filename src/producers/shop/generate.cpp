#include "producers/shop/generate.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/bounded_queue.hpp"
#include "producers/shop/batch.hpp"

namespace bytebasket::producers::shop {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr Milliseconds flush_interval{200};
constexpr Milliseconds progress_interval{200};

/// Sleeps that end as soon as anybody asks to stop. Thread-safe.
class Sleeper {
 public:
  explicit Sleeper(const std::stop_token& outer) : on_outer_stop_(outer, [this] { stop(); }) {}

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
  }
  [[nodiscard]] bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }
  /// False when it is time to stop.
  bool sleep_until(SteadyTime time) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_until(lock, time, [this] { return stopped_; });
  }
  bool sleep(Milliseconds time) { return sleep_until(std::chrono::steady_clock::now() + time); }

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::stop_callback<std::function<void()>> on_outer_stop_;  // last: it may call stop() at once
};

/// A thread for each connection; batches wait in a bounded queue.
class CourierPool {
 public:
  CourierPool(std::size_t connections, Sleeper& sleeper)
      : queue_(connections * 2), sleeper_(sleeper) {}
  CourierPool(const CourierPool&) = delete;
  CourierPool& operator=(const CourierPool&) = delete;
  ~CourierPool() { (void)finish(); }

  void start(delivery::Courier courier) {
    threads_.emplace_back([this, worker = std::move(courier)]() mutable { work(worker); });
  }

  /// Waits for room; false when the couriers have stopped.
  bool hand_over(Batch&& batch) { return queue_.push(std::move(batch)); }

  /// Waits until everything handed over is delivered. The first error that stopped the work, if
  /// there was one.
  Status finish() {
    queue_.close();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    if (error_) return fail(*error_);
    return ok();
  }

 private:
  void work(delivery::Courier& courier) {
    while (!failed_) {
      const auto batch = queue_.pop();
      if (!batch) return;
      const Status delivered = courier.deliver(*batch);
      if (delivered) continue;
      if (delivered.error().code != ErrorCode::cancelled) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = delivered.error();
      }
      failed_ = true;
      queue_.close();
      sleeper_.stop();
    }
  }

  BoundedQueue<Batch> queue_;
  Sleeper& sleeper_;
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::optional<Error> error_;
  std::vector<std::thread> threads_;
};

/// Says when the next event may go out.
class Metronome {
 public:
  Metronome(const Pace& pace, const Clock& clock)
      : pace_(pace), clock_(clock), begin_(std::chrono::steady_clock::now()) {}

  SteadyTime due(std::uint64_t number, Timestamp sent_at) const {
    SteadyTime time = begin_;
    if (pace_.events_per_second > 0) {
      time += std::chrono::duration_cast<std::chrono::steady_clock::duration>(
          std::chrono::duration<double>(static_cast<double>(number) / pace_.events_per_second));
    }
    if (pace_.live)
      time = std::max(time, std::chrono::steady_clock::now() + (sent_at - clock_.now()));
    return time;
  }

  [[nodiscard]] bool never_waits() const { return pace_.events_per_second <= 0 && !pace_.live; }

 private:
  Pace pace_;
  const Clock& clock_;
  SteadyTime begin_;
};

/// Takes events from the shop at their pace, gathers them by write key and hands full or old
/// batches over.
class Dispatcher {
 public:
  Dispatcher(const CollectorTarget& target, CourierPool& pool, Sleeper& sleeper)
      : target_(target), pool_(pool), sleeper_(sleeper) {
    for (std::size_t sender = 0; sender < sender_count; ++sender) {
      const auto same =
          std::find(target.write_keys.begin(), target.write_keys.end(), target.write_keys[sender]);
      batch_of_[sender] = static_cast<std::size_t>(same - target.write_keys.begin());
      batches_[sender] = Batch(target.write_keys[sender]);
    }
  }

  /// False when the couriers have stopped.
  bool add(const SentEvent& event) {
    Batch& batch = batches_[batch_of_[static_cast<std::size_t>(event.sender)]];
    batch.add(event);
    return batch.events() < target_.batch_events || hand_over(batch);
  }

  bool flush() {
    return std::all_of(batches_.begin(), batches_.end(),
                       [this](Batch& batch) { return batch.events() == 0 || hand_over(batch); });
  }

  /// Sleeps until `due`, sending on the way what has waited long enough. False when it is time to
  /// stop.
  bool wait_until(SteadyTime due) {
    while (std::chrono::steady_clock::now() < due) {
      const SteadyTime next_flush = last_flush_ + flush_interval;
      if (!sleeper_.sleep_until(std::min(due, next_flush))) return false;
      if (std::chrono::steady_clock::now() < next_flush) continue;
      last_flush_ = std::chrono::steady_clock::now();
      if (!flush()) return false;
    }
    return true;
  }

 private:
  bool hand_over(Batch& batch) {
    Batch full = std::exchange(batch, Batch(batch.write_key()));
    return pool_.hand_over(std::move(full));
  }

  const CollectorTarget& target_;
  CourierPool& pool_;
  Sleeper& sleeper_;
  std::array<std::size_t, sender_count> batch_of_{};  ///< senders with the same key share a batch
  std::array<Batch, sender_count> batches_;
  SteadyTime last_flush_ = std::chrono::steady_clock::now();
};

Status check(const CollectorTarget& target, const Pace& pace) {
  constexpr std::size_t most_connections = 256;
  constexpr std::size_t most_events = 2'000;  // some 2 MiB: the collector takes 4 MiB
  if (target.connections < 1 || target.connections > most_connections) {
    return fail(ErrorCode::invalid_argument, "the number of connections must be 1 to 256");
  }
  if (target.batch_events < 1 || target.batch_events > most_events) {
    return fail(ErrorCode::invalid_argument, "the events of a batch must be 1 to 2000");
  }
  if (!(pace.events_per_second >= 0)) {
    return fail(ErrorCode::invalid_argument,
                "the rate must be 0 (as fast as possible) or more events a second");
  }
  return ok();
}

}  // namespace

Result<GenerateReport> generate_through(Shop& shop, std::uint64_t events,
                                        const CollectorTarget& target, const Pace& pace,
                                        const std::function<Result<delivery::Post>()>& connect,
                                        delivery::DeliveryCount& count, const std::stop_token& stop,
                                        const OnGenerateProgress& on_progress) {
  BB_RETURN_IF_ERROR(check(target, pace));
  const SystemClock clock;
  Sleeper sleeper(stop);
  CourierPool pool(target.connections, sleeper);
  for (std::size_t i = 0; i < target.connections; ++i) {
    BB_ASSIGN_OR_RETURN(delivery::Post post, connect());
    pool.start(delivery::Courier(
        target.courier, std::move(post),
        [&sleeper](Milliseconds time) { return sleeper.sleep(time); }, clock, count));
  }

  GenerateReport report;
  Dispatcher dispatcher(target, pool, sleeper);
  const Metronome metronome(pace, clock);
  SteadyTime next_progress = std::chrono::steady_clock::now() + progress_interval;
  SentEvent event;
  bool going = true;
  for (std::uint64_t made = 0; going && made < events && !sleeper.stopped(); ++made) {
    shop.next(event);
    going =
        (metronome.never_waits() || dispatcher.wait_until(metronome.due(made, event.sent_at))) &&
        dispatcher.add(event);
    report.bytes += event.json.size();
    if (on_progress && std::chrono::steady_clock::now() >= next_progress) {
      next_progress += progress_interval;
      on_progress({made + 1, count.events, event.sent_at});
    }
  }
  if (going)
    (void)dispatcher.flush();  // fails only where the pool has stopped, and finish() says why
  const Status finished = pool.finish();
  if (!finished) return fail(finished.error());
  report.events = count.events;
  report.batches = count.batches;
  report.retries = count.retries;
  report.refused_batches = count.refused_batches;
  report.last_problem = count.last_problem();
  if (on_progress) on_progress({events, count.events, event.sent_at});
  return report;
}

}  // namespace bytebasket::producers::shop
