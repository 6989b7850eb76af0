// The whole processing of a log, as `import` and `rebuild` run it: flushed when memory asks for it.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cases/measure.hpp"
#include "metrics/definition.hpp"
#include "processors/fraud/default_rules.hpp"
#include "processors/partition_runner.hpp"
#include "processors/transactions.hpp"
#include "processors/user_activity_processor.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::bench {

inline std::unique_ptr<processors::Processor> processor_for(streams::TopicPartition where) {
  if (where.stream == streams::Stream::transactions) {
    return std::make_unique<processors::TransactionsProcessor>(processors::TransactionsOptions{});
  }
  return std::make_unique<processors::UserActivityProcessor>(processors::UserActivityOptions{});
}

/// Processes one partition to its end.
inline processors::RunnerProgress process(streams::EventLog& log, storage::TableStore& tables,
                                          streams::TopicPartition where, std::size_t memory) {
  processors::PartitionRunner runner(
      log, tables, processor_for(where),
      {.where = where,
       .flush_interval = std::chrono::minutes(1),
       .max_memory = memory,
       .definitions = {
           processors::DefinitionDocument::of("metrics", std::string(metrics::built_in_document())),
           processors::DefinitionDocument::of("fraud",
                                              std::string(processors::fraud::default_rules()))}});
  or_die(runner.start());
  const auto range = or_die(log.range(where));
  while (runner.applied().offset.next() < range.end) or_die(runner.step(Milliseconds(0)));
  or_die(runner.flush());
  return runner.progress();
}

/// Processes all partitions, one after the other on this thread.
inline processors::RunnerProgress process_all(streams::EventLog& log, storage::TableStore& tables,
                                              std::size_t memory) {
  std::vector<streams::TopicPartition> partitions = {
      {streams::Stream::transactions, PartitionId(0)}};
  for (std::int32_t i = 0; i < log.partitions(streams::Stream::user_activity); ++i)
    partitions.push_back({streams::Stream::user_activity, PartitionId(i)});
  processors::RunnerProgress sum;
  for (const auto where : partitions) {
    const auto progress = process(log, tables, where, memory);
    sum.events += progress.events;
    sum.rows_written += progress.rows_written;
    sum.flushes += progress.flushes;
  }
  return sum;
}

}  // namespace bytebasket::bench
