// Tables made anew from the events, with the definitions of today acting from the beginning: a
// metric that is declared now gets its past.
//
// What control records in the log say of metrics is put aside: the newest document acts for all the
// past. What they say of fraud rules is kept, for a decision is a thing that happened; unless the
// rules are named too: then every payment is judged again. Both are noted in the new tables
// (RebuildMark), so that `verify` and the next rebuild know. From where the rebuild ends, control
// records act again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "processors/definitions.hpp"
#include "verification/history.hpp"
#include "verification/partition_replay.hpp"
#include "verification/recomputation.hpp"

namespace bytebasket::verification {

struct RebuildOptions {
  ReplayOptions replay;  ///< of all partitions together
  unsigned threads = 1;
  /// Documents that act from the beginning, at most one of each kind.
  std::vector<processors::DefinitionDocument> documents;
  /// True: goes on where the oldest records are gone, and what they made is lost.
  bool incomplete = false;
};

struct RebuiltPartition {
  streams::TopicPartition where;
  Position position;
  std::uint64_t events = 0;
};

/// Tables that are made anew, in rounds, while the log grows. Not thread-safe.
class Rebuild {
 public:
  /// `fresh` is empty; `former` are the tables whose place it takes, which are read only. All that
  /// is handed in by reference must outlive it. `not_found` where the oldest records are gone.
  static Result<std::unique_ptr<Rebuild>> begin(
      History& history, storage::TableStore& former, storage::TableStore& fresh,
      const std::vector<streams::TopicPartition>& partitions, const ProcessorFactory& processors,
      const RebuildOptions& options);

  /// Computes all that the history holds by now. `unavailable` where retention removed records
  /// meanwhile that were not computed yet.
  Status advance();
  /// Records that are not computed yet.
  Result<std::uint64_t> behind();
  /// Notes what acted, and makes everything durable.
  Result<std::vector<RebuiltPartition>> finish();

 private:
  Rebuild(History& history, storage::TableStore& fresh, std::vector<PartitionPlan> plans,
          const ProcessorFactory& processors, const RebuildOptions& options);
  Result<streams::LogRange> range(std::size_t index);

  History& history_;
  storage::TableStore& fresh_;
  const unsigned threads_;
  Recomputation recomputation_;
};

/// Computes all that the history holds into `fresh`, which is empty, and makes it durable there.
Result<std::vector<RebuiltPartition>> rebuild(
    History& history, storage::TableStore& former, storage::TableStore& fresh,
    const std::vector<streams::TopicPartition>& partitions, const ProcessorFactory& processors,
    const RebuildOptions& options);

}  // namespace bytebasket::verification
