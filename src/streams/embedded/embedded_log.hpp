// The event log in this process: RocksDB, one group commit after the other, each with one fsync.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "rocks/database.hpp"
#include "streams/embedded/append_queue.hpp"
#include "streams/embedded/batch_store.hpp"
#include "streams/embedded/group_commit.hpp"
#include "streams/event_log.hpp"
#include "streams/topology.hpp"

namespace bytebasket::streams {

struct EmbeddedLogOptions {
  std::string folder;
  /// Fixed when the folder is created. All other streams have one partition.
  std::int32_t user_activity_partitions = 4;
  /// What may be handed over and not yet durable. Beyond either, append() answers
  /// `resource_exhausted`.
  std::size_t max_queued_records = 200'000;
  std::size_t max_queued_bytes = 128 << 20;
  /// The most that is written with one fsync.
  std::size_t max_commit_bytes = 16 << 20;
  /// A larger record is refused with `invalid_argument`.
  std::size_t max_record_bytes = 8 << 20;
  rocks::MemoryLimits memory{.cache_bytes = 32 << 20, .write_buffer_bytes = 64 << 20};
  rocks::Recovery recovery = rocks::Recovery::files;
  /// Where the append time comes from; the machine's clock when null. Must outlive the log and be
  /// thread-safe.
  const Clock* clock = nullptr;
};

/// One process may have the folder open at a time. A failed append (disk full:
/// `resource_exhausted`, device failed: `unavailable`) leaves the log usable: it goes on by itself
/// once the disk takes writes again, and readers never stop.
class EmbeddedLog final : public EventLog {
 public:
  /// Opens the log in `options.folder`, or creates it there.
  static Result<std::unique_ptr<EmbeddedLog>> open(EmbeddedLogOptions options);

  ~EmbeddedLog() override;
  EmbeddedLog(const EmbeddedLog&) = delete;
  EmbeddedLog& operator=(const EmbeddedLog&) = delete;

  [[nodiscard]] std::int32_t partitions(Stream stream) const override;
  void append(std::vector<NewRecord> records, AppendCallback done) override;
  Result<RecordBatch> read(TopicPartition where, Offset from, const ReadLimits& limits) override;
  Result<LogRange> range(TopicPartition where) override;
  Status commit(std::string_view group, TopicPartition where, Offset next) override;
  Result<std::optional<Offset>> committed(std::string_view group, TopicPartition where) override;
  Result<std::uint64_t> apply_retention(TopicPartition where, const LogRetention& retention,
                                        Offset keep_from, Timestamp now) override;
  Result<std::uint64_t> size_in_bytes(TopicPartition where) override;
  void close() override;

 private:
  EmbeddedLog(EmbeddedLogOptions options, Epoch epoch, std::unique_ptr<rocks::Database> database);

  Status restore_partitions();
  void commit_appends();
  [[nodiscard]] BatchStore batches(std::size_t index);

  const EmbeddedLogOptions options_;
  const SystemClock system_clock_;
  const Clock& clock_;
  const Epoch epoch_;
  const Topology topology_;
  const std::unique_ptr<rocks::Database> database_;
  Partitions partitions_;
  AppendQueue queue_;
  std::mutex retention_mutex_;
  std::atomic<bool> closed_ = false;
  std::thread committer_;
};

}  // namespace bytebasket::streams
