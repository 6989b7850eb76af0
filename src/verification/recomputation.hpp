// All partitions computed again into one scratch store, each row marked with the partition that it
// came from.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "verification/owned_tables.hpp"
#include "verification/partition_replay.hpp"

namespace bytebasket::verification {

/// How one partition is to be computed again.
struct PartitionPlan {
  streams::TopicPartition where;
  streams::LogRange range;  ///< of its history
  ActingDefinitions acting;
};

/// Not thread-safe; works in threads of its own while advance() lasts.
class Recomputation {
 public:
  /// All that is handed in by reference must outlive it. `options.memory` is for all partitions
  /// together.
  Recomputation(History& history, storage::TableStore& scratch, const ProcessorFactory& processors,
                std::vector<PartitionPlan> plans, ReplayOptions options);

  Status start();
  /// Brings each partition to its target (one for each plan, in their order; none is moved back),
  /// several at once.
  Status advance(const std::vector<Position>& targets, unsigned threads);

  [[nodiscard]] std::size_t size() const { return partitions_.size(); }
  [[nodiscard]] const PartitionPlan& plan(std::size_t index) const { return plans_[index]; }
  [[nodiscard]] PartitionReplay& replay(std::size_t index) { return partitions_[index]->replay; }
  [[nodiscard]] Position at(std::size_t index) const { return partitions_[index]->replay.at(); }
  [[nodiscard]] std::optional<std::size_t> index_of(streams::TopicPartition where) const;

 private:
  struct Partition {
    OwnedTables tables;
    PartitionReplay replay;

    Partition(History& history, storage::TableStore& scratch, const ProcessorFactory& processors,
              std::size_t index, const PartitionPlan& plan, const ReplayOptions& options)
        : tables(scratch, index),
          replay(history, tables, processors, plan.where, plan.range, plan.acting, options) {}
  };

  const std::vector<PartitionPlan> plans_;
  std::vector<std::unique_ptr<Partition>> partitions_;
};

}  // namespace bytebasket::verification
