// The whole processing of a log, as `import` and `rebuild` run it: flushed when memory asks for it.
#pragma once

#include <algorithm>
#include <vector>

#include "cases/measure.hpp"
#include "cases/work.hpp"
#include "processors/partition_runner.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::bench {

/// Processes one partition to its end.
inline processors::RunnerProgress process(streams::EventLog& log, storage::TableStore& tables,
                                          streams::TopicPartition where, std::size_t memory,
                                          const Work& work) {
  processors::PartitionRunner runner(log, tables, work.processor_for(where),
                                     {.where = where,
                                      .flush_interval = std::chrono::minutes(1),
                                      .max_memory = memory,
                                      .definitions = work.definitions});
  or_die(runner.start());
  const auto range = or_die(log.range(where));
  while (runner.applied().offset.next() < range.end) or_die(runner.step(Milliseconds(0)));
  or_die(runner.flush());
  return runner.progress();
}

/// Processes all partitions, one after the other on this thread.
inline processors::RunnerProgress process_all(streams::EventLog& log, storage::TableStore& tables,
                                              std::size_t memory, const Work& work = everything()) {
  std::vector<streams::TopicPartition> partitions = {
      {streams::Stream::transactions, PartitionId(0)}};
  for (std::int32_t i = 0; i < log.partitions(streams::Stream::user_activity); ++i)
    partitions.push_back({streams::Stream::user_activity, PartitionId(i)});
  processors::RunnerProgress sum;
  for (const auto where : partitions) {
    const auto progress = process(log, tables, where, memory, work);
    sum.events += progress.events;
    sum.rows_written += progress.rows_written;
    sum.flushes += progress.flushes;
  }
  return sum;
}

}  // namespace bytebasket::bench
