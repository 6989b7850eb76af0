// How many records wait to be processed, by whoever owns their partitions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "base/periodic_thread.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::processors {

/// Every process has one, those that process nothing too: partitions may belong to another process,
/// or to nobody. The difference between what the log has and what the consumer group has committed
/// goes into `group_lag` of the partition; it is unknown where the log does not answer, and
/// `log.away` says so then.
class LagWatch {
 public:
  /// Does not look before start().
  LagWatch(streams::EventLog& log, std::string group,
           std::vector<streams::TopicPartition> partitions, Counters& counters);

  void start(Milliseconds interval);
  void stop() { thread_.reset(); }
  /// Looks once.
  void look();

 private:
  Result<std::int64_t> lag_of(streams::TopicPartition where);
  void forget();

  streams::EventLog& log_;
  const std::string group_;
  const std::vector<streams::TopicPartition> partitions_;
  Counters& counters_;
  std::optional<PeriodicThread> thread_;
};

}  // namespace bytebasket::processors
