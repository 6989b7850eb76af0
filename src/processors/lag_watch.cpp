#include "processors/lag_watch.hpp"

#include <algorithm>
#include <utility>

namespace bytebasket::processors {

LagWatch::LagWatch(streams::EventLog& log, std::string group,
                   std::vector<streams::TopicPartition> partitions, Counters& counters)
    : log_(log), group_(std::move(group)), partitions_(std::move(partitions)), counters_(counters) {
  forget();
}

void LagWatch::forget() {
  for (const streams::TopicPartition where : partitions_)
    counters_.processing.partitions.of(streams::to_string(where)).group_lag.clear();
}

Result<std::int64_t> LagWatch::lag_of(streams::TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const auto committed, log_.committed(group_, where));
  BB_ASSIGN_OR_RETURN(const streams::LogRange range, log_.range(where));
  const Offset done = std::max(committed.value_or(range.first), range.first);
  return std::max<std::int64_t>(0, range.end.value() - done.value());
}

void LagWatch::look() {
  for (const streams::TopicPartition where : partitions_) {
    const auto lag = lag_of(where);
    if (!lag) {
      forget();
      if (lag.error().code != ErrorCode::cancelled) counters_.log.away.set(lag.error().message);
      return;
    }
    counters_.processing.partitions.of(streams::to_string(where)).group_lag.set(*lag);
  }
  counters_.log.away.clear();
}

void LagWatch::start(Milliseconds interval) {
  thread_.emplace(interval, PeriodicThread::Begin::at_once, [this] { look(); });
}

}  // namespace bytebasket::processors
