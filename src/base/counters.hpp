// What each stage counts about itself, so that health, live updates and the metrics page can say
// it. Plain atomics: who counts never waits. One Counters lives as long as the process; every part
// is given a reference to it.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>

namespace bytebasket {

/// A number that only grows. Thread-safe.
class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// A number that goes up and down. Thread-safe.
class Gauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t change) { value_.fetch_add(change, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// A number that goes up and down and may be unknown, which is what it is at first. Thread-safe.
class OptionalGauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void clear() { set(unknown); }
  [[nodiscard]] std::optional<std::int64_t> value() const {
    const std::int64_t value = value_.load(std::memory_order_relaxed);
    return value == unknown ? std::nullopt : std::optional(value);
  }

 private:
  static constexpr std::int64_t unknown = INT64_MIN;
  std::atomic<std::int64_t> value_{unknown};
};

/// How long something took, by ranges from 0.1 ms to 10 s. Thread-safe; a reading may be a few
/// records apart in itself.
class DurationHistogram {
 public:
  /// Upper bounds in seconds; one more range takes what is above the last.
  static constexpr std::array<double, 16> bounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                    0.01,   0.025,   0.05,   0.1,   0.25,   0.5,
                                                    1.0,    2.5,     5.0,    10.0};

  void record(std::chrono::nanoseconds duration) {
    const double seconds = std::chrono::duration<double>(duration).count();
    std::size_t range = 0;
    while (range < bounds.size() && seconds > bounds[range]) ++range;
    ranges_[range].add();
    nanoseconds_.add(static_cast<std::uint64_t>(duration.count() < 0 ? 0 : duration.count()));
  }
  [[nodiscard]] std::uint64_t in_range(std::size_t range) const { return ranges_[range].value(); }
  [[nodiscard]] double sum_seconds() const {
    return static_cast<double>(nanoseconds_.value()) / 1e9;
  }

 private:
  std::array<Counter, bounds.size() + 1> ranges_;
  Counter nanoseconds_;
};

/// Why a stage cannot work at present, for people; none while it can. Thread-safe.
class Trouble {
 public:
  void set(std::string reason) {
    const std::lock_guard lock(mutex_);
    reason_ = std::move(reason);
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    reason_.reset();
  }
  [[nodiscard]] std::optional<std::string> reason() const {
    const std::lock_guard lock(mutex_);
    return reason_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<std::string> reason_;
};

/// One `Member` for each label, made when it is first asked for; its address stays. Thread-safe.
/// Labels must come from a small fixed set (partitions, routes), never from clients.
template <typename Member>
class CounterFamily {
 public:
  Member& of(std::string_view label) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = members_.find(label); found != members_.end()) return found->second;
    }
    const std::unique_lock lock(mutex_);
    return members_.try_emplace(std::string(label)).first->second;
  }

  /// Calls `visit(label, member)` in order of the labels.
  template <typename Visit>
  void for_each(Visit visit) const {
    const std::shared_lock lock(mutex_);
    for (const auto& [label, member] : members_) visit(label, member);
  }

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, Member, std::less<>> members_;
};

struct CollectorCounters {
  Counter requests;
  Counter accepted;     ///< events acknowledged
  Counter refused;      ///< events sent to the dead letters
  Counter rejected;     ///< requests answered 4xx: bad key, no JSON, too large
  Counter pushed_back;  ///< requests answered 429 or 503
  Gauge in_flight;      ///< events handed to the log and not yet acknowledged
  Trouble trouble;
};

struct LogCounters {
  Counter appended;  ///< records made durable
  Counter bytes;
  Counter failed;  ///< records whose append failed
  Gauge queued;    ///< records that wait to be written
  Gauge spooled;   ///< durable records on this machine's disk that wait for the log to be back
  DurationHistogram commit;
  Trouble trouble;
  Trouble away;  ///< it does not answer: what comes in waits on this machine's disk
};

struct PartitionCounters {
  Counter processed;  ///< records applied
  /// Records in the log of which the tables do not know yet; known to the partition's owner.
  OptionalGauge lag;
  /// The same as everybody can see it: from what the consumer group has committed.
  OptionalGauge group_lag;
};

struct ProcessingCounters {
  CounterFamily<PartitionCounters>
      partitions;   ///< by `stream/partition`, as streams::to_string() has it
  Counter refused;  ///< records that could not be read, sent to the dead letters
  Counter flush_failures;
  DurationHistogram flush;
  Gauge memory;  ///< bytes of rows held between flushes
  Trouble trouble;
};

struct TableCounters {
  Counter written;  ///< rows
  Counter failed;   ///< writes or reads that failed
  Trouble trouble;
};

struct FraudCounters {
  CounterFamily<Counter> decisions;  ///< by decision: approve, review, decline
  DurationHistogram score;           ///< from the request to its answer
};

struct RouteCounters {
  std::array<Counter, 6> answers;  ///< by the first digit of the status
  DurationHistogram latency;
};

struct ApiCounters {
  CounterFamily<RouteCounters> routes;  ///< by `METHOD pattern`
  Counter refused;                      ///< queries answered 503 because too many were waiting
  Gauge waiting;
  Gauge live_clients;
  Trouble trouble;
};

/// Of the role `archive`, from the log into the lake.
struct ArchiveCounters {
  Gauge running;  ///< 1 where this process archives
  CounterFamily<PartitionCounters>
      partitions;    ///< by `stream/partition`: records in published files; records not yet in one
  Counter read;      ///< records taken from the log
  Counter files;     ///< published
  Counter bytes;     ///< of the records in them, as in the log
  Counter failures;  ///< of archiving a partition, each tried again
  Trouble trouble;
};

/// Everything that is counted.
struct Counters {
  CollectorCounters collector;
  LogCounters log;
  ProcessingCounters processing;
  TableCounters tables;
  FraudCounters fraud;
  ArchiveCounters archive;
  ApiCounters api;
};

}  // namespace bytebasket
