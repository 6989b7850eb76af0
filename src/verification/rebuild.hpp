// Tables made anew from the events, with the definitions of today acting from the beginning: a
// metric that is declared now gets its past.
//
// What control records in the log say of metrics is put aside: the newest document acts for all the
// past. What they say of fraud rules is kept, for a decision is a thing that happened; unless the
// rules are named too: then every payment is judged again. Both are noted in the new tables
// (RebuildMark), so that `verify` and the next rebuild know. From where the rebuild ends, control
// records act again.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "processors/definitions.hpp"
#include "verification/history.hpp"
#include "verification/partition_replay.hpp"

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

/// Computes all that the history holds into `fresh`, which is empty, and makes it durable there.
/// `former` are the tables whose place it takes; they are read only. `not_found` where the oldest
/// records are gone.
Result<std::vector<RebuiltPartition>> rebuild(
    History& history, storage::TableStore& former, storage::TableStore& fresh,
    const std::vector<streams::TopicPartition>& partitions, const ProcessorFactory& processors,
    const RebuildOptions& options);

}  // namespace bytebasket::verification
