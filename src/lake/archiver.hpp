// The role `archive`: keeps the lake up with the log, and in order.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "lake/compaction.hpp"
#include "lake/partition_archiver.hpp"
#include "storage/file_store.hpp"
#include "streams/assignment.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::lake {

struct ArchiverSettings {
  ArchiverOptions files;
  CompactionOptions compaction;
  Milliseconds retention = Milliseconds::max();  ///< days older than this leave the lake
  Milliseconds keep_interval{600'000};           ///< between two rounds of compaction and retention
  Milliseconds idle_wait{200};                   ///< where no partition had anything
  Milliseconds first_retry{500};                 ///< after a failure; doubled up to `last_retry`
  Milliseconds last_retry{5'000};
};

/// Works on two threads of its own from construction to stop(): one archives the partitions that
/// are assigned to this process, in turn, one merges and removes. A partition that is revoked is
/// published first; one that is lost is dropped, its new owner begins where the names say. A
/// partition whose archiver fails is taken up anew, where the names of the files say, after a
/// growing pause; `counters.trouble` says why meanwhile.
class Archiver {
 public:
  /// All but the settings must outlive it.
  Archiver(streams::EventLog& log, storage::FileStore& store,
           std::unique_ptr<streams::Assignment> assignment, ArchiverSettings settings,
           const Clock& clock, ArchiveCounters& counters);
  ~Archiver();  ///< stops, if that has not been done

  /// Publishes what was read and joins the threads. The first error of that, if any. Whoever
  /// appends should have stopped.
  Status stop();

 private:
  struct Partition;

  void archive();
  void follow_assignment();
  void let_go(const streams::AssignmentChange& change);
  bool archive_once();
  Result<std::size_t> work(Partition& partition);
  void failed(Partition& partition, const Error& error);
  void report(Partition& partition);
  void report_troubles();
  Status finish();
  void keep_order();
  bool pause(Milliseconds length);

  streams::EventLog& log_;
  storage::FileStore& store_;
  const std::unique_ptr<streams::Assignment> assignment_;
  const ArchiverSettings settings_;
  const Clock& clock_;
  ArchiveCounters& counters_;
  std::vector<std::unique_ptr<Partition>> partitions_;  ///< of the archiving thread
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread archiving_;
  std::thread keeping_;
};

/// Archives what the log holds now, and returns: for a log that nobody serves. The number of rows.
Result<std::uint64_t> archive_now(streams::EventLog& log, storage::FileStore& store,
                                  const std::vector<streams::TopicPartition>& partitions,
                                  const ArchiverOptions& options, const Clock& clock);

/// One round of compaction and retention over both streams.
struct KeepReport {
  CompactionReport compaction;
  std::uint64_t days_removed = 0;
  std::uint64_t abandoned_removed = 0;
};
Result<KeepReport> keep_in_order(storage::FileStore& store, Compactor& compactor,
                                 Milliseconds retention, Timestamp now);

/// The consumer group by which several processes share the partitions.
inline constexpr std::string_view consumer_group = "bytebasket.archive";

/// The streams that are archived: dead letters are not.
inline constexpr std::array archived_streams = {streams::Stream::user_activity,
                                                streams::Stream::transactions};
std::vector<streams::TopicPartition> archived_partitions(const streams::EventLog& log);

}  // namespace bytebasket::lake
