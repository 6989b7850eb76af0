// RocksDB the way both embedded engines need it: one process at a time, errors as values, back by
// itself after a full disk. RocksDB's own headers stay in the .cpp files of those who use this.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace rocksdb {
class Cache;
class ColumnFamilyHandle;
class DB;
class Status;
class WriteBatch;
struct ColumnFamilyDescriptor;
struct DBOptions;
}  // namespace rocksdb

namespace bytebasket::rocks {

/// The bounds of what a database keeps in memory, whatever it stores.
struct MemoryLimits {
  std::size_t cache_bytes;  ///< blocks, indexes and filters; write buffers are charged to it too
  std::size_t
      write_buffer_bytes;  ///< rows that are in the write-ahead log and not yet in a table file
};

enum class Durability {
  none,     ///< lost with the process until it is flushed: for what is begun anew anyway
  process,  ///< survives the death of the process: handed to the operating system
  disk,     ///< survives a power cut: fsynced
};

/// What becomes of the rows that stand in the write-ahead log alone when a database is opened.
enum class Recovery {
  files,   ///< written into table files: the log is never read again
  memory,  ///< held in memory, and the log is left as it is: for who reads for a while and goes
};

/// An open RocksDB database. Thread-safe; the destructor closes it, and first writes into table
/// files what stands in the write-ahead log alone, so that the next start has nothing to read
/// again. Not so where it was opened with `avoid_flush_during_recovery` (it is only read, and so
/// not compacted either) or `avoid_flush_during_shutdown` (it goes with the process), or is
/// abandoned.
class Database {
 public:
  /// Opens (or creates) the database in `folder`, which claim_folder() has accepted. `families`
  /// name all column families; missing ones are created. When another process holds the folder the
  /// error names it.
  static Result<std::unique_ptr<Database>> open(
      std::string folder, const rocksdb::DBOptions& options,
      std::vector<rocksdb::ColumnFamilyDescriptor> families);

  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Writes the batch, all or nothing; `resource_exhausted` while less than `reserve_bytes` of disk
  /// are free, so that RocksDB itself hardly ever meets a full one. After a full disk or a failed
  /// device RocksDB refuses every write; this asks it to go on again (at most every
  /// `retry_interval`) before the next one, so callers need only try again.
  Status write(rocksdb::WriteBatch& batch, Durability durability);
  /// Makes everything written before durable on the disk.
  Status sync();
  /// Its folder will be removed: closing it is not worth a write any more.
  void abandon() { settles_ = false; }

  [[nodiscard]] rocksdb::DB& db() { return *db_; }
  /// The column families in the order of `families` given to open().
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(std::size_t index) { return families_[index]; }

  /// What RocksDB says, as an Error that names the folder and what was being done.
  [[nodiscard]] Error error(const rocksdb::Status& status, std::string_view doing) const;

  static constexpr std::chrono::milliseconds retry_interval{200};
  /// What stays free for RocksDB's own files, and for the write under way.
  static constexpr std::uint64_t reserve_bytes = 16 << 20;

 private:
  Database(std::string folder, rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> families,
           bool settles);

  void leave_nothing_in_the_log();
  [[nodiscard]] Status check_room() const;
  Status resume_after_failure();
  Error note_failure(const rocksdb::Status& status, std::string_view doing);

  const std::string folder_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  std::atomic<bool> settles_;  ///< leaves nothing in the log when it is closed

  std::mutex failure_mutex_;
  bool failed_ = false;
  Error failure_;
  std::chrono::steady_clock::time_point next_try_;
};

/// Options that both engines share: recovery after a torn tail, few open files, bounded memory,
/// small info logs.
rocksdb::DBOptions common_options(const MemoryLimits& limits,
                                  const std::shared_ptr<rocksdb::Cache>& cache,
                                  Recovery recovery = Recovery::files);

}  // namespace bytebasket::rocks
