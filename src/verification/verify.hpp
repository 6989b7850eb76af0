// Every row of the tables against what its events make of it.
//
//   1. Each partition is computed again from its history, by the processors that computed it first,
//      into scratch tables: up to the position that the live tables stand at.
//   2. The live tables are walked. A row at or before that position must say what the scratch says.
//   3. A row that moved on meanwhile is compared when the recomputation has come to exactly where
//   it
//      stands: rows that a flush wrote have everything up to that flush's position in them.
//
// Nothing is written into the live tables or the log, so a system that runs can be verified.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "verification/events_behind.hpp"
#include "verification/history.hpp"
#include "verification/partition_replay.hpp"
#include "verification/report.hpp"
#include "verification/scratch.hpp"

namespace bytebasket::verification {

/// What is verified.
struct Subject {
  storage::TableStore& tables;
  History& history;
  std::vector<streams::TopicPartition> partitions;
  ProcessorFactory processors;
};

struct VerifyOptions {
  ReplayOptions replay;                    ///< of all partitions together
  unsigned threads = 1;                    ///< partitions computed at once
  std::size_t moved_bytes = 64 << 20;      ///< rows that moved on, until they are compared
  std::size_t kept_differences = 100;      ///< the rest is counted
  std::size_t explained_differences = 20;  ///< those of which the events are looked for
  /// By which rows of the tables expire; the machine's clock when null. Must outlive the call.
  const Clock* clock = nullptr;
};

Result<Report> verify(const Subject& subject, const MakeScratch& make_scratch,
                      const VerifyOptions& options);

}  // namespace bytebasket::verification
