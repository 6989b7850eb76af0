// The processing engine: one thread for each partition that this process owns, each with its own
// runner.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "processors/partition_runner.hpp"
#include "streams/assignment.hpp"

namespace bytebasket::processors {

struct PipelineOptions {
  /// All that this process may come to own: each gets its share of the memory.
  std::vector<streams::TopicPartition> partitions;
  Milliseconds flush_interval{250};
  std::size_t max_memory = 256 << 20;  ///< of all partitions together
  streams::ReadLimits read;
  metrics::GrainRetention retention;
  std::vector<DefinitionDocument> definitions;
  Milliseconds first_retry{100};  ///< after a failure of an engine; doubled up to `last_retry`
  Milliseconds last_retry{5'000};
  Milliseconds lag_interval{0};  ///< how often the log is asked for its end
};

using ProcessorFactory = std::function<std::unique_ptr<Processor>(streams::TopicPartition)>;

/// Life cycle: construct, start(), stop(). start() takes over what is assigned at once and returns
/// when that has been done, so that what is appended afterwards is processed under the configured
/// definitions. Partitions that are assigned later begin by themselves; one that is revoked is
/// flushed and stopped, one that is lost is dropped with what was not stored.
///
/// When an engine fails, the partition's runner is thrown away and made anew, again and again with
/// a growing pause: it goes on where the stored rows stand. What can not heal (`corrupt`, and
/// `conflict` where nobody else may own the partition) stops the partition;
/// `counters.processing.trouble` says why.
class Pipeline {
 public:
  Pipeline(streams::EventLog& log, storage::TableStore& tables, ProcessorFactory processors,
           std::unique_ptr<streams::Assignment> assignment, PipelineOptions options,
           Counters& counters);
  ~Pipeline();  ///< stops, if that has not been done

  Status start();

  /// Applies what the log holds by now, stores it, joins the threads and gives the partitions up.
  /// The first error of that, if any. Stop whoever appends before.
  Status stop();

  /// Lets other tables take the place of the present ones. Between two events of each partition:
  /// all owned are flushed and stopped, then `change` puts the tables in place (behind the store
  /// that this was made with), then all go on from where those stand. `cancelled` where it stops.
  Status change_tables(const std::function<void()>& change);

  /// Waits until what was appended at `end` (one past the last record) is stored in every partition
  /// named, by whoever owns it. `timed_out` after `patience`; `cancelled` when the pipeline stops
  /// or a partition has failed for good.
  Status wait_until_stored(const std::vector<std::pair<streams::TopicPartition, Offset>>& ends,
                           Milliseconds patience);

  /// Up to where a partition is stored (exclusive).
  [[nodiscard]] Offset stored(streams::TopicPartition where) const;

  /// The partitions that this process owns at present.
  [[nodiscard]] std::vector<streams::TopicPartition> owned() const;

 private:
  struct Owner;
  enum class Ending : std::uint8_t { none, drain, flush, drop };

  std::unique_ptr<PartitionRunner> make_runner(const Owner& owner) const;
  void follow_assignment();
  void look_at_log();
  Status take_over(const std::vector<streams::TopicPartition>& partitions);
  void begin(const std::vector<streams::TopicPartition>& partitions);
  void give_up(const std::vector<streams::TopicPartition>& partitions, Ending ending);
  void end_owners(const std::vector<streams::TopicPartition>& partitions, Ending ending);
  void carry_out_change();
  void drive(Owner& owner);
  Status drive_runner(Owner& owner);
  Status drain(Owner& owner);
  void report(Owner& owner, const RunnerProgress& before);
  void report_lag(Owner& owner, Offset stored_end);
  void end(Owner& owner, Status outcome);
  [[nodiscard]] Ending ending(const Owner& owner) const;
  [[nodiscard]] bool can_heal(const Error& error) const;
  bool pause(const Owner& owner, Milliseconds length);
  [[nodiscard]] Owner* find(streams::TopicPartition where) const;
  Status check_stored(std::vector<std::pair<streams::TopicPartition, Offset>>& missing) const;

  streams::EventLog& log_;
  storage::TableStore& tables_;
  ProcessorFactory processors_;
  const std::unique_ptr<streams::Assignment> assignment_;
  PipelineOptions options_;
  Counters& counters_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;  ///< stopping_, change_, owners_, or anything of an owner
  bool stopping_ = false;
  bool following_ = false;                         ///< the follower's thread runs
  const std::function<void()>* change_ = nullptr;  ///< of the tables, until it is carried out
  std::vector<std::unique_ptr<Owner>> owners_;
  std::thread follower_;
  // Of the follower.
  bool log_away_ = false;
  std::chrono::steady_clock::time_point look_due_;
};

}  // namespace bytebasket::processors
