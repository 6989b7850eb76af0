#include "rocks/database.hpp"

#include <utility>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>
#include <sys/statvfs.h>

#include "rocks/messages.hpp"
#include "rocks/store_folder.hpp"

namespace bytebasket::rocks {
namespace {

ErrorCode code_of(const rocksdb::Status& status) {
  using Code = rocksdb::Status::Code;
  if (status.IsNoSpace()) return ErrorCode::resource_exhausted;
  switch (status.code()) {
    case Code::kNotFound:
      return ErrorCode::not_found;
    case Code::kCorruption:
      return ErrorCode::corrupt;
    case Code::kIOError:
    case Code::kIncomplete:
    case Code::kBusy:
    case Code::kTryAgain:
      return ErrorCode::unavailable;
    case Code::kTimedOut:
      return ErrorCode::timed_out;
    case Code::kShutdownInProgress:
    case Code::kAborted:
      return ErrorCode::cancelled;
    default:
      return ErrorCode::internal;
  }
}

Error describe(const rocksdb::Status& status, std::string_view doing, const std::string& folder) {
  std::string message = "cannot " + std::string(doing) + " " + folder + ": " + status.ToString();
  if (status.IsNoSpace()) message += " (free some space: it goes on by itself)";
  return {code_of(status), std::move(message)};
}

/// RocksDB has no status of its own for a lock that is held.
bool is_locked(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && text.find("lock") != std::string::npos &&
         text.find("LOCK") != std::string::npos;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(
    std::string folder, const rocksdb::DBOptions& options,
    std::vector<rocksdb::ColumnFamilyDescriptor> families) {
  if (options.avoid_flush_during_recovery) {
    for (auto& family : families) family.options.disable_auto_compactions = true;
  }
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const auto status = rocksdb::DB::Open(options, folder, families, &handles, &db);
  if (is_locked(status)) {
    return fail(ErrorCode::conflict, "folder " + folder + " is held by " + describe_owner(folder) +
                                         ": one process serves it at a time; stop that one, or "
                                         "reach it over HTTP (--url) where the command can");
  }
  if (!status.ok()) return fail(describe(status, "open", folder));
  std::unique_ptr<Database> database(
      new Database(std::move(folder), db, std::move(handles),
                   !options.avoid_flush_during_recovery && !options.avoid_flush_during_shutdown));
  BB_RETURN_IF_ERROR(note_owner(database->folder_));
  return database;
}

Database::Database(std::string folder, rocksdb::DB* db,
                   std::vector<rocksdb::ColumnFamilyHandle*> families, bool settles)
    : folder_(std::move(folder)), db_(db), families_(std::move(families)), settles_(settles) {}

Database::~Database() {
  leave_nothing_in_the_log();
  for (auto* family : families_) db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  db_->Close().PermitUncheckedError();
}

void Database::leave_nothing_in_the_log() {
  // It only saves time: where it cannot be done the log is read again, as after a crash.
  if (!settles_ || failed_ || !check_room()) return;
  db_->Flush(rocksdb::FlushOptions(), families_).PermitUncheckedError();
}

Status Database::check_room() const {
  struct statvfs disk{};
  if (::statvfs(folder_.c_str(), &disk) != 0) return ok();
  if (disk.f_bavail * disk.f_frsize >= reserve_bytes) return ok();
  return fail(ErrorCode::resource_exhausted,
              "cannot write to " + folder_ + ": the disk has less than " +
                  std::to_string(reserve_bytes >> 20) +
                  " MiB free (free some space: it goes on by itself)");
}

Status Database::write(rocksdb::WriteBatch& batch, Durability durability) {
  // RocksDB does not recover from every write to its log that a full disk cut off: a build with
  // assertions, as Debian's, ends the process at the next one.
  BB_RETURN_IF_ERROR(check_room());
  BB_RETURN_IF_ERROR(resume_after_failure());
  rocksdb::WriteOptions options;
  options.sync = durability == Durability::disk;
  options.disableWAL = durability == Durability::none;
  const auto status = db_->Write(options, &batch);
  if (!status.ok()) return fail(note_failure(status, "write to"));
  return ok();
}

Status Database::sync() {
  BB_RETURN_IF_ERROR(resume_after_failure());
  const auto status = db_->FlushWAL(/*sync=*/true);
  if (!status.ok()) return fail(note_failure(status, "write to"));
  return ok();
}

Error Database::error(const rocksdb::Status& status, std::string_view doing) const {
  return describe(status, doing, folder_);
}

Error Database::note_failure(const rocksdb::Status& status, std::string_view doing) {
  const std::lock_guard lock(failure_mutex_);
  failure_ = describe(status, doing, folder_);
  failed_ = true;
  next_try_ = std::chrono::steady_clock::now() + retry_interval;
  return failure_;
}

Status Database::resume_after_failure() {
  const std::lock_guard lock(failure_mutex_);
  if (!failed_) return ok();
  if (std::chrono::steady_clock::now() < next_try_) return fail(failure_);
  const auto status = db_->Resume();
  if (!status.ok()) {
    failure_ = describe(status, "write to", folder_);
    next_try_ = std::chrono::steady_clock::now() + retry_interval;
    return fail(failure_);
  }
  failed_ = false;
  return ok();
}

rocksdb::DBOptions common_options(const MemoryLimits& limits,
                                  const std::shared_ptr<rocksdb::Cache>& cache, Recovery recovery) {
  rocksdb::DBOptions options;
  options.avoid_flush_during_recovery = recovery == Recovery::memory;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // After a crash the end of the write-ahead log may be torn: everything before the tear counts,
  // nothing after it. Recycled log files would put old records behind the tear.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.recycle_log_file_num = 0;
  options.max_total_wal_size = 4 * limits.write_buffer_bytes;
  options.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(limits.write_buffer_bytes, cache);
  options.max_open_files = 512;
  options.max_background_jobs = 2;
  options.bytes_per_sync = 1 << 20;
  options.info_log = messages_to_log();
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

}  // namespace bytebasket::rocks
