// One partition computed again, by the runner and the processors that computed it first.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "metrics/grain.hpp"
#include "processors/partition_runner.hpp"
#include "processors/processor.hpp"
#include "storage/table_store.hpp"
#include "verification/history.hpp"
#include "verification/replay_log.hpp"

namespace bytebasket::verification {

using ProcessorFactory =
    std::function<std::unique_ptr<processors::Processor>(streams::TopicPartition)>;

/// How whoever waits for a long replay follows it, and ends it. Thread-safe.
struct ReplayWatch {
  std::atomic<std::uint64_t> records = 0;  ///< applied so far, by all replays that it watches
  std::atomic<bool> cancelled = false;     ///< true: they end with `cancelled`
};

struct ReplayOptions {
  std::size_t memory = 64 << 20;  ///< of rows held; flushed beyond it
  std::size_t max_records = 10'000;
  metrics::GrainRetention retention;
  ReplayWatch* watch = nullptr;  ///< must outlive the replay; may be null
};

/// Not thread-safe.
class PartitionReplay {
 public:
  /// Rows go into `tables`. All that is handed in by reference must outlive it.
  PartitionReplay(History& history, storage::TableStore& tables, const ProcessorFactory& processors,
                  streams::TopicPartition where, streams::LogRange range,
                  const ActingDefinitions& acting, const ReplayOptions& options);

  Status start();
  /// Applies everything up to and including `until`, which is not before at(), and stores it with
  /// that position. `corrupt` where the history ends before.
  Status advance(Position until);

  /// Up to where rows are stored.
  [[nodiscard]] Position at() const { return runner_.stored(); }
  [[nodiscard]] const processors::RunnerProgress& progress() const { return runner_.progress(); }
  [[nodiscard]] streams::TopicPartition where() const { return where_; }

 private:
  const streams::TopicPartition where_;
  ReplayWatch* const watch_;
  ReplayLog log_;
  processors::PartitionRunner runner_;
};

}  // namespace bytebasket::verification
