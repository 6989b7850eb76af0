#include "streams/embedded/embedded_log.hpp"

#include <utility>

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "rocks/store_folder.hpp"
#include "streams/embedded/log_keys.hpp"

namespace bytebasket::streams {
namespace {

constexpr const char* partitions_fact = "user-activity partitions";
constexpr const char* epoch_fact = "epoch";
constexpr std::int32_t most_partitions = 1024;

/// Batches of records are cut here, so that a read from the middle never skips much.
constexpr std::size_t max_batch_bytes = 256 << 10;

rocksdb::ColumnFamilyOptions partition_options(const rocks::MemoryLimits& memory,
                                               const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.checksum = rocksdb::kXXH3;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = memory.write_buffer_bytes / 2;
  // Keys only grow, so files never overlap and compaction just moves them down, if all levels
  // compress alike. Of JSON events of 350 bytes LZ4 leaves 27 % for 0.8 µs of processor time each;
  // zstd takes 1.7 µs for them.
  options.compression = rocksdb::kLZ4Compression;
  options.level0_slowdown_writes_trigger = 40;
  options.level0_stop_writes_trigger = 80;
  options.max_bytes_for_level_base = 1 << 30;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> families_of(
    const Topology& topology, const rocks::MemoryLimits& memory,
    const std::shared_ptr<rocksdb::Cache>& cache) {
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  for (std::size_t i = 0; i < topology.size(); ++i) {
    families.emplace_back(to_string(topology.at(i)), partition_options(memory, cache));
  }
  return families;
}

/// The epoch of the log in the folder, once it is sure that it is one with as many partitions as
/// wanted.
Result<Epoch> claim(const EmbeddedLogOptions& options) {
  if (options.user_activity_partitions < 1 || options.user_activity_partitions > most_partitions) {
    return fail(ErrorCode::invalid_argument,
                "user activity cannot have " + std::to_string(options.user_activity_partitions) +
                    " partitions: 1 to " + std::to_string(most_partitions) + " are possible");
  }
  BB_ASSIGN_OR_RETURN(
      rocks::FolderFormat found,
      rocks::claim_folder(options.folder, {"event-log",
                                           1,
                                           {{partitions_fact, options.user_activity_partitions},
                                            {epoch_fact, 1}}}));
  const std::int64_t stored = found.facts[partitions_fact];
  if (stored != options.user_activity_partitions) {
    return fail(ErrorCode::invalid_argument,
                "the event log in " + options.folder + " has " + std::to_string(stored) +
                    " partitions of user activity, and " +
                    std::to_string(options.user_activity_partitions) +
                    " are configured: partitions are fixed for an epoch of a log, so keep " +
                    std::to_string(stored) + " or start a new folder and import into it");
  }
  return Epoch(static_cast<std::int32_t>(found.facts[epoch_fact]));
}

}  // namespace

Result<std::unique_ptr<EmbeddedLog>> EmbeddedLog::open(EmbeddedLogOptions options) {
  BB_ASSIGN_OR_RETURN(const Epoch epoch, claim(options));
  const auto cache = rocksdb::NewLRUCache(options.memory.cache_bytes);
  BB_ASSIGN_OR_RETURN(
      auto database,
      rocks::Database::open(
          options.folder, rocks::common_options(options.memory, nullptr, options.recovery),
          families_of(Topology(options.user_activity_partitions), options.memory, cache)));
  std::unique_ptr<EmbeddedLog> log(new EmbeddedLog(std::move(options), epoch, std::move(database)));
  BB_RETURN_IF_ERROR(log->restore_partitions());
  log->committer_ = std::thread([&log = *log] { log.commit_appends(); });
  return log;
}

EmbeddedLog::EmbeddedLog(EmbeddedLogOptions options, Epoch epoch,
                         std::unique_ptr<rocks::Database> database)
    : options_(std::move(options)),
      clock_(options_.clock != nullptr ? *options_.clock : system_clock_),
      epoch_(epoch),
      topology_(options_.user_activity_partitions),
      database_(std::move(database)),
      queue_(options_.max_queued_records, options_.max_queued_bytes) {}

EmbeddedLog::~EmbeddedLog() { close(); }

Status EmbeddedLog::restore_partitions() {
  for (std::size_t i = 0; i < topology_.size(); ++i) {
    BB_ASSIGN_OR_RETURN(const PartitionExtent extent, batches(i).find_extent());
    partitions_.push_back(std::make_unique<Partition>());
    partitions_.back()->restore(extent.head, extent.tail);
  }
  return ok();
}

std::int32_t EmbeddedLog::partitions(Stream stream) const { return topology_.partitions(stream); }

void EmbeddedLog::append(std::vector<NewRecord> records, AppendCallback done) {
  if (records.empty()) return done(std::vector<AppendedAt>());
  auto pending = encode_append(records, topology_, options_.max_record_bytes, max_batch_bytes);
  if (!pending) return done(fail(std::move(pending).error()));
  pending->done = std::move(done);
  if (auto queued = queue_.push(*pending); !queued) {
    pending->done(fail(std::move(queued).error()));
  }
}

void EmbeddedLog::commit_appends() {
  GroupCommit commit(*database_, topology_, partitions_, max_batch_bytes);
  for (auto group = queue_.take(options_.max_commit_bytes); !group.empty();
       group = queue_.take(options_.max_commit_bytes)) {
    const Status stored = commit.commit(group, clock_.now());
    for (PendingAppend& pending : group) {
      if (stored) {
        pending.done(std::move(pending.places));
      } else {
        pending.done(fail(stored.error()));
      }
    }
  }
}

Result<RecordBatch> EmbeddedLog::read(TopicPartition where, Offset from, const ReadLimits& limits) {
  BB_ASSIGN_OR_RETURN(const std::size_t index, topology_.find(where));
  const Offset first = partitions_[index]->head().first;
  const Offset end = partitions_[index]->tail().end;
  if (from < first || from > end) {
    return fail(from < first ? ErrorCode::not_found : ErrorCode::invalid_argument,
                "offset " + std::to_string(from.value()) + " is not in " + to_string(where) +
                    ", which holds " + std::to_string(first.value()) + " to before " +
                    std::to_string(end.value()));
  }
  const auto tail = partitions_[index]->wait_beyond(from, limits.max_wait);
  if (!tail) return fail(ErrorCode::cancelled, "the event log is closed");
  if (tail->end <= from) return RecordBatch();
  return batches(index).read(from, tail->end, limits);
}

Result<LogRange> EmbeddedLog::range(TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const std::size_t index, topology_.find(where));
  return LogRange{epoch_, partitions_[index]->head().first, partitions_[index]->tail().end};
}

Status EmbeddedLog::commit(std::string_view group, TopicPartition where, Offset next) {
  BB_RETURN_IF_ERROR(topology_.find(where));
  std::string value;
  ByteWriter(value).put_signed(next.value());
  rocksdb::WriteBatch writes;
  writes.Put(database_->family(state_family), position_key(group, where), value)
      .PermitUncheckedError();
  // Without an fsync a power cut may bring an older position back, never a newer one.
  return database_->write(writes, rocks::Durability::process);
}

Result<std::optional<Offset>> EmbeddedLog::committed(std::string_view group, TopicPartition where) {
  BB_RETURN_IF_ERROR(topology_.find(where));
  std::string value;
  const auto status =
      database_->db().Get({}, database_->family(state_family), position_key(group, where), &value);
  if (status.IsNotFound()) return std::optional<Offset>();
  if (!status.ok()) return fail(database_->error(status, "read"));
  ByteReader reader(value);
  const Offset next(reader.take_signed());
  if (!reader.ok()) {
    return fail(ErrorCode::corrupt, "the position of '" + std::string(group) + "' in " +
                                        to_string(where) + " cannot be read");
  }
  return std::optional(next);
}

Result<std::uint64_t> EmbeddedLog::apply_retention(TopicPartition where,
                                                   const LogRetention& retention, Offset keep_from,
                                                   Timestamp now) {
  BB_ASSIGN_OR_RETURN(const std::size_t index, topology_.find(where));
  const std::lock_guard lock(retention_mutex_);
  Partition& partition = *partitions_[index];
  const PartitionExtent extent{partition.head(), partition.tail()};
  BB_ASSIGN_OR_RETURN(const PartitionHead head,
                      batches(index).head_after(retention, extent, keep_from, now));
  if (head.first == extent.head.first) return 0;
  // Readers are told first: what is about to go is not there for them any more.
  partition.set_head(head);
  if (auto removed = batches(index).remove_before(head, extent.tail); !removed) {
    partition.set_head(extent.head);
    return fail(std::move(removed).error());
  }
  return static_cast<std::uint64_t>(head.first.value() - extent.head.first.value());
}

Result<std::uint64_t> EmbeddedLog::size_in_bytes(TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const std::size_t index, topology_.find(where));
  const PartitionHead head = partitions_[index]->head();
  return partitions_[index]->tail().end_bytes - head.first_bytes;
}

void EmbeddedLog::close() {
  if (closed_.exchange(true)) return;
  for (const auto& partition : partitions_) partition->close();
  queue_.close();
  if (committer_.joinable()) committer_.join();
}

BatchStore EmbeddedLog::batches(std::size_t index) {
  return {*database_, topology_.at(index), index};
}

}  // namespace bytebasket::streams
