// The embedded processing engine: one thread for each partition, each with its own runner.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "processors/partition_runner.hpp"

namespace bytebasket::processors {

struct PipelineOptions {
  std::vector<streams::TopicPartition> partitions;
  Milliseconds flush_interval{250};
  std::size_t max_memory = 256 << 20;  ///< of all partitions together
  streams::ReadLimits read;
  metrics::GrainRetention retention;
  std::vector<DefinitionDocument> definitions;
  Milliseconds first_retry{100};  ///< after a failure of an engine; doubled up to `last_retry`
  Milliseconds last_retry{5'000};
};

using ProcessorFactory = std::function<std::unique_ptr<Processor>(streams::TopicPartition)>;

/// Life cycle: construct, start(), stop(). start() returns when every partition has been taken
/// over, so that what is appended afterwards is processed under the configured definitions. When an
/// engine fails, the partition's runner is thrown away and made anew, again and again with a
/// growing pause: it goes on where the stored rows stand. What can not heal (`corrupt`, `conflict`)
/// stops the partition; `counters.processing.trouble` says why.
class Pipeline {
 public:
  Pipeline(streams::EventLog& log, storage::TableStore& tables, ProcessorFactory processors,
           PipelineOptions options, Counters& counters);
  ~Pipeline();  ///< stops, if that has not been done

  Status start();

  /// Applies what the log holds by now, stores it, and joins the threads. The first error of that,
  /// if any. Stop whoever appends before.
  Status stop();

  /// Waits until what was appended at `end` (one past the last record) is stored in every partition
  /// named. `timed_out` after `patience`; `cancelled` when the pipeline stops or a partition has
  /// failed for good.
  Status wait_until_stored(const std::vector<std::pair<streams::TopicPartition, Offset>>& ends,
                           Milliseconds patience);

  /// Up to where a partition is stored (exclusive).
  [[nodiscard]] Offset stored(streams::TopicPartition where) const;

 private:
  struct Owner;

  std::unique_ptr<PartitionRunner> make_runner(const Owner& owner) const;
  void drive(Owner& owner);
  Status drive_runner(Owner& owner);
  void report(Owner& owner, const RunnerProgress& before);
  bool pause(Milliseconds length);

  streams::EventLog& log_;
  storage::TableStore& tables_;
  ProcessorFactory processors_;
  PipelineOptions options_;
  Counters& counters_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;  ///< stopping_, or an owner's stored_end or failed
  bool stopping_ = false;
  std::vector<std::unique_ptr<Owner>> owners_;
};

}  // namespace bytebasket::processors
