// How far the live tables are, partition by partition, and with which definitions they were made.
#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "processors/job_state.hpp"
#include "storage/table_store.hpp"
#include "verification/history.hpp"
#include "verification/recomputation.hpp"

namespace bytebasket::verification {

/// What a rebuild notes in the tables it makes: for each partition, the definitions that it let act
/// from the beginning, and up to where they take the place of what the log says.
struct RebuildMark {
  ActingDefinitions acting;

  [[nodiscard]] storage::Mutation row(streams::TopicPartition where, Position position) const;
  static Result<std::optional<RebuildMark>> load(storage::TableStore& tables,
                                                 streams::TopicPartition where);
};

struct LivePosition {
  Position stored;  ///< every row is at least there
  Position newest;  ///< no row is beyond: a flush up to there may be under way
};

/// Offset −1 where the partition was never processed.
Result<LivePosition> live_position(storage::TableStore& tables, streams::TopicPartition where,
                                   Epoch epoch);

/// How to compute a partition again as the tables were computed. Where its oldest records are gone,
/// the definitions that acted when they came are taken from the tables.
Result<PartitionPlan> plan_for(storage::TableStore& tables, History& history,
                               streams::TopicPartition where);

}  // namespace bytebasket::verification
