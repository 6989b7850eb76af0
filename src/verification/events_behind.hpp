// Which records change a row: found by computing once more and watching for its key.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.hpp"
#include "verification/partition_replay.hpp"
#include "verification/recomputation.hpp"
#include "verification/report.hpp"
#include "verification/scratch.hpp"

namespace bytebasket::verification {

struct EventSearch {
  History& history;
  const ProcessorFactory& processors;
  const MakeScratch& make_scratch;
  ReplayOptions options;
  std::size_t kept = 10;  ///< events for each difference
  std::int64_t stride =
      4'096;  ///< records that are watched together before they are watched singly
};

/// Fills in `events` of all differences of this partition. Twice over its history at most: once in
/// strides that are each watched as one, then record by record in those that changed a row.
Status find_events_behind(const EventSearch& search, const PartitionPlan& plan,
                          std::vector<Difference>& differences);

}  // namespace bytebasket::verification
