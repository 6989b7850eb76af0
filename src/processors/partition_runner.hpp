// Drives one processor over one partition of the log: reads a range, loads the rows it touches,
// applies, flushes.
//
// Whoever calls it and however the log is cut, the rows that come out are the same: see "The
// position rule" in ARCHITECTURE.md.
#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "events/event_reader.hpp"
#include "metrics/grain.hpp"
#include "metrics/plan.hpp"
#include "processors/definitions.hpp"
#include "processors/metric_rows.hpp"
#include "processors/processor.hpp"
#include "processors/replay_reads.hpp"
#include "processors/stored_partition.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::processors {

struct RunnerOptions {
  streams::TopicPartition where;
  Milliseconds flush_interval{250};   ///< at most so long after a change it can be asked for
  std::size_t max_memory = 64 << 20;  ///< of the state held; flushed and shrunk beyond it
  streams::ReadLimits read;           ///< of one step
  metrics::GrainRetention retention;
  std::vector<DefinitionDocument>
      definitions;  ///< what the configuration says now, one of each kind
  /// Told after a flush up to where everything is stored; empty: the log is told. `conflict` says
  /// that somebody else owns the partition by now.
  std::function<Status(streams::TopicPartition, Offset)> commit;
};

/// Under which processing commits.
inline constexpr std::string_view consumer_group = "bytebasket.process";

/// What a runner has done since it was made.
struct RunnerProgress {
  std::uint64_t events = 0;
  std::uint64_t undecodable =
      0;  ///< records that are no canonical events: skipped, named in the process's log
  std::uint64_t flushes = 0;
  std::chrono::nanoseconds last_flush{0};  ///< how long it took
  std::uint64_t rows_written = 0;
};

/// Life cycle: construct, start(), step() again and again, flush() at the end. After any error
/// throw it away and make a new one: start() goes on exactly where the stored rows stand. Not
/// thread-safe.
class PartitionRunner {
 public:
  PartitionRunner(streams::EventLog& log, storage::TableStore& tables,
                  std::unique_ptr<Processor> processor, RunnerOptions options);

  /// Takes the partition over, repeats an interrupted flush, and appends a control record for each
  /// configured document that does not act yet. `corrupt` when log and tables do not belong
  /// together.
  Status start();

  /// Reads and applies what is there, waiting at most `max_wait` for something; flushes when it is
  /// due. The number of records that were read.
  Result<std::size_t> step(Milliseconds max_wait);

  /// Stores everything applied so far.
  Status flush();

  /// Up to where events are applied (in memory), and up to where that is stored.
  [[nodiscard]] Position applied() const { return applied_; }
  [[nodiscard]] Position stored() const { return stored_ ? stored_->state().applied : Position{}; }
  [[nodiscard]] const RunnerProgress& progress() const { return progress_; }
  /// Bytes of rows and state held between flushes.
  [[nodiscard]] std::size_t memory() const;

 private:
  Status activate_stored_definitions();
  Status announce_configured_definitions();
  Status activate(const DefinitionDocument& document, Position since);
  Status replay(Position until);
  Status apply(const streams::RecordBatch& batch, Position until);
  void count_by(std::vector<metrics::MetricDefinition> definitions);
  void choose_kinds();
  [[nodiscard]] bool passes_over(std::string_view beginning) const;
  void decode(const streams::Record& record, Position position);
  Status apply_events();
  Status control(const streams::Record& record, Position position);
  Status load(const std::function<void(std::vector<storage::RowKey>&)>& missing,
              const std::function<Status(const storage::RowKey&,
                                         const std::optional<storage::StoredRow>&)>& loaded);
  void shrink();

  streams::EventLog& log_;
  storage::TableStore& tables_;
  std::unique_ptr<Processor> processor_;
  RunnerOptions options_;

  std::optional<StoredPartition> stored_;  ///< from start() on
  Position applied_;
  std::optional<ReplayReads> replay_reads_;         ///< while an interrupted flush is repeated
  std::map<std::string, std::string> definitions_;  ///< that act at applied_
  std::vector<storage::Mutation> definition_rows_;  ///< on their way into the tables
  std::unique_ptr<metrics::Accumulator> accumulator_;
  std::bitset<schema::event_kind_count> wanted_;  ///< kinds of events that are read
  std::optional<MetricRows> metric_rows_;
  events::EventReader reader_;
  std::vector<LoggedEvent> pending_;  ///< decoded events of the batch in hand
  std::chrono::steady_clock::time_point flush_due_;
  RunnerProgress progress_;
};

}  // namespace bytebasket::processors
