#include "verification/recomputation.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace bytebasket::verification {

Recomputation::Recomputation(History& history, storage::TableStore& tables, RowMarks marks,
                             const ProcessorFactory& processors, std::vector<PartitionPlan> plans,
                             ReplayOptions options)
    : plans_(std::move(plans)) {
  options.memory /= std::max<std::size_t>(plans_.size(), 1);
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    auto marked = marks == RowMarks::owner ? std::make_unique<OwnedTables>(tables, i) : nullptr;
    partitions_.push_back(std::make_unique<Partition>(history, tables, std::move(marked),
                                                      processors, plans_[i], options));
  }
}

Status Recomputation::start() {
  for (const auto& partition : partitions_) BB_RETURN_IF_ERROR(partition->replay.start());
  return ok();
}

Status Recomputation::advance(const std::vector<Position>& targets, unsigned threads) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  Status outcome = ok();
  const auto work = [&] {
    for (std::size_t i = next++; i < partitions_.size(); i = next++) {
      // Where every record up to the target is gone there is nothing to compute.
      if (targets[i] <= at(i) || targets[i].offset < plans_[i].range.first) continue;
      const Status advanced = partitions_[i]->replay.advance(targets[i]);
      if (advanced) continue;
      next = partitions_.size();
      const std::lock_guard lock(mutex);
      if (outcome) outcome = advanced;
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < std::min<std::size_t>(threads, partitions_.size()); ++i)
    workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  return outcome;
}

std::optional<std::size_t> Recomputation::index_of(streams::TopicPartition where) const {
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    if (plans_[i].where == where) return i;
  }
  return std::nullopt;
}

}  // namespace bytebasket::verification
