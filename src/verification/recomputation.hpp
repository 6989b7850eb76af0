// All partitions computed again into one store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
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

/// Whether rows are marked with the partition that they came from (see OwnedTables).
enum class RowMarks : std::uint8_t { owner, none };

/// Not thread-safe; works in threads of its own while advance() lasts.
class Recomputation {
 public:
  /// All that is handed in by reference must outlive it. `options.memory` is for all partitions
  /// together.
  Recomputation(History& history, storage::TableStore& tables, RowMarks marks,
                const ProcessorFactory& processors, std::vector<PartitionPlan> plans,
                ReplayOptions options);

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
    std::unique_ptr<OwnedTables> marked;
    PartitionReplay replay;

    Partition(History& history, storage::TableStore& tables, std::unique_ptr<OwnedTables> owned,
              const ProcessorFactory& processors, const PartitionPlan& plan,
              const ReplayOptions& options)
        : marked(std::move(owned)),
          replay(history, marked ? *marked : tables, processors, plan.where, plan.range,
                 plan.acting, options) {}
  };

  const std::vector<PartitionPlan> plans_;
  std::vector<std::unique_ptr<Partition>> partitions_;
};

}  // namespace bytebasket::verification
