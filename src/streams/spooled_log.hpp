// An event log that goes on taking records while the real one cannot be reached: they wait in a
// second log on this machine's disk.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/counters.hpp"
#include "streams/forwarding_log.hpp"

namespace bytebasket::streams {

struct SpoolOptions {
  std::uint64_t max_bytes = 1 << 30;           ///< beyond it append() answers `resource_exhausted`
  std::uint64_t max_waiting_bytes = 64 << 20;  ///< of appends that wait for the last of the spool
  std::size_t batch_records = 1'000;           ///< moved to the log at a time
  Milliseconds retry{500};
};

/// An append that the log answers with `unavailable` or `timed_out` goes to the spool and is
/// answered when it is durable there, with places of offset -1. From then on every append goes
/// there, until all is moved to the log in order; so records whose append was answered before
/// another's was made stand before it. What had an answer of `timed_out` may come to stand in the
/// log twice: processing drops the duplicates. Reads see what is in the log only.
class SpooledLog final : public ForwardingLog {
 public:
  /// The spool must have the log's partitions. What a run before left in it is moved first.
  /// `counters` must outlive it.
  static Result<std::unique_ptr<SpooledLog>> open(std::unique_ptr<EventLog> log,
                                                  std::unique_ptr<EventLog> spool,
                                                  SpoolOptions options, LogCounters& counters);
  ~SpooledLog() override;

  void append(std::vector<NewRecord> records, AppendCallback done) override;
  /// Gives up moving; what is in the spool stays there.
  void close() override;

 private:
  SpooledLog(std::unique_ptr<EventLog> log, std::unique_ptr<EventLog> spool, SpoolOptions options,
             LogCounters& counters);

  /// Where an append goes. While the last of the spool is moved those who come wait.
  enum class Way : std::uint8_t { log, spool, waiting };
  struct Waiting {
    std::vector<NewRecord> records;
    AppendCallback done;
  };

  void append_to_log(std::vector<NewRecord> records, AppendCallback done);
  void append_to_spool(std::vector<NewRecord> records, AppendCallback done);
  void drain();
  Status move_all();
  void let_go_on(Way way);
  /// Moves what is in one partition of the spool. True when nothing is left.
  Result<bool> move_some(TopicPartition where);
  Result<std::uint64_t> count_spooled();

  const std::unique_ptr<EventLog> log_;
  const std::unique_ptr<EventLog> spool_;
  const SpoolOptions options_;
  LogCounters& counters_;
  std::vector<TopicPartition> places_;

  std::mutex mutex_;
  std::condition_variable changed_;
  Way way_ = Way::log;
  std::vector<Waiting> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  bool closed_ = false;
  std::size_t on_the_way_ = 0;    ///< appends to the spool that are not answered yet
  std::uint64_t held_bytes_ = 0;  ///< in the spool or on the way there
  std::thread drainer_;
};

}  // namespace bytebasket::streams
