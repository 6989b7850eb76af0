#include "lake/lake_log.hpp"

#include <algorithm>

#include "lake/lake_reader.hpp"

namespace bytebasket::lake {
namespace {

tl::unexpected<Error> read_only() {
  return fail(ErrorCode::permission_denied, "the lake cannot be written through its reader");
}

/// Every file of a partition, of any epoch.
Result<std::vector<LakeFile>> list_partition(storage::FileStore& store,
                                             streams::TopicPartition where, Timestamp from) {
  std::vector<LakeFile> all;
  BB_ASSIGN_OR_RETURN(const auto days, list_days(store, where.stream));
  for (const Timestamp day : days) {
    if (day + std::chrono::days(1) <= from) continue;
    BB_ASSIGN_OR_RETURN(const auto hours, list_hours(store, where.stream, day));
    for (const Timestamp hour : hours) {
      if (hour < from) continue;
      BB_ASSIGN_OR_RETURN(const auto files, list_files(store, where.stream, hour));
      std::copy_if(files.begin(), files.end(), std::back_inserter(all),
                   [&](const LakeFile& file) { return file.partition == where.partition; });
    }
  }
  return all;
}

}  // namespace

struct LakeLog::Partition {
  std::mutex mutex;
  storage::FileStore& store;
  const streams::TopicPartition where;
  const std::optional<Epoch> wanted;
  std::vector<LakeFile> listed;  ///< all epochs
  std::vector<LakeFile> files;   ///< the covering set of the epoch that is read
  std::unique_ptr<LakeReader> reader;

  Partition(storage::FileStore& files_of, streams::TopicPartition place, std::optional<Epoch> epoch)
      : store(files_of), where(place), wanted(epoch) {}

  Status list_new();
  Status list_all();
  void choose();
  [[nodiscard]] streams::LogRange range() const;
  Result<streams::RecordBatch> read(Offset from, const streams::ReadLimits& limits);
  Result<streams::RecordBatch> read_listed(Offset from, const streams::ReadLimits& limits);
};

Status LakeLog::Partition::list_all() {
  BB_ASSIGN_OR_RETURN(listed, list_partition(store, where, Timestamp()));
  choose();
  return ok();
}

/// Only hours from the newest known on can have new records.
Status LakeLog::Partition::list_new() {
  if (listed.empty()) return list_all();
  const Timestamp newest =
      std::max_element(listed.begin(), listed.end(), [](const auto& a, const auto& b) {
        return a.hour < b.hour;
      })->hour;
  BB_ASSIGN_OR_RETURN(auto found, list_partition(store, where, newest));
  std::erase_if(listed, [&](const LakeFile& file) { return file.hour >= newest; });
  listed.insert(listed.end(), found.begin(), found.end());
  choose();
  return ok();
}

void LakeLog::Partition::choose() {
  std::optional<Epoch> epoch = wanted;
  if (!wanted) {
    for (const LakeFile& file : listed) epoch = std::max(epoch.value_or(file.epoch), file.epoch);
  }
  files = listed;
  std::erase_if(files, [&](const LakeFile& file) { return file.epoch != epoch; });
  files = covering(std::move(files));
}

streams::LogRange LakeLog::Partition::range() const {
  if (files.empty()) return {wanted.value_or(Epoch()), Offset(0), Offset(0)};
  return {files.front().epoch, files.front().first, files.back().last.next()};
}

Result<streams::RecordBatch> LakeLog::Partition::read_listed(Offset from,
                                                             const streams::ReadLimits& limits) {
  const auto file = std::find_if(files.begin(), files.end(),
                                 [&](const LakeFile& each) { return each.last >= from; });
  if (file == files.end() || file->first > from) {
    return fail(ErrorCode::not_found, "the lake in " + store.describe() + " does not have offset " +
                                          std::to_string(from.value()) + " of " + to_string(where));
  }
  if (!reader || reader->file() != *file) {
    reader.reset();
    BB_ASSIGN_OR_RETURN(reader, LakeReader::open(store, *file));
  }
  return reader->read(from, limits);
}

Result<streams::RecordBatch> LakeLog::Partition::read(Offset from,
                                                      const streams::ReadLimits& limits) {
  if (from >= range().end) {
    BB_RETURN_IF_ERROR(list_new());
    const Offset end = range().end;
    if (from == end) return streams::RecordBatch();
    if (from > end) {
      return fail(ErrorCode::invalid_argument,
                  "offset " + std::to_string(from.value()) + " of " + to_string(where) +
                      " lies beyond the lake's end, " + std::to_string(end.value()));
    }
  }
  auto batch = read_listed(from, limits);
  if (batch || batch.error().code != ErrorCode::not_found) return batch;
  // Merged, removed, or missed because the listing is no snapshot: look again, once.
  reader.reset();
  BB_RETURN_IF_ERROR(list_all());
  return read_listed(from, limits);
}

LakeLog::LakeLog(storage::FileStore& store, LakeLogOptions options)
    : store_(store), options_(options) {}
LakeLog::~LakeLog() = default;

Result<std::unique_ptr<LakeLog>> LakeLog::open(storage::FileStore& store, LakeLogOptions options) {
  std::unique_ptr<LakeLog> log(new LakeLog(store, options));
  for (std::size_t i = 0; i < streams::stream_count; ++i) {
    const auto stream = static_cast<streams::Stream>(i);
    BB_ASSIGN_OR_RETURN(const auto days, list_days(store, stream));
    for (const Timestamp day : days) {
      BB_ASSIGN_OR_RETURN(const auto hours, list_hours(store, stream, day));
      for (const Timestamp hour : hours) {
        BB_ASSIGN_OR_RETURN(const auto files, list_files(store, stream, hour));
        for (const LakeFile& file : files)
          log->partition({stream, file.partition}).listed.push_back(file);
      }
    }
  }
  for (const auto& [where, partition] : log->partitions_) partition->choose();
  return log;
}

LakeLog::Partition& LakeLog::partition(streams::TopicPartition where) {
  const std::lock_guard lock(mutex_);
  auto& partition = partitions_[where];
  if (!partition) partition = std::make_unique<Partition>(store_, where, options_.epoch);
  return *partition;
}

std::int32_t LakeLog::partitions(streams::Stream stream) const {
  const std::lock_guard lock(mutex_);
  std::int32_t count = 1;
  for (const auto& [where, partition] : partitions_) {
    if (where.stream == stream) count = std::max(count, where.partition.value() + 1);
  }
  return count;
}

Result<streams::RecordBatch> LakeLog::read(streams::TopicPartition where, Offset from,
                                           const streams::ReadLimits& limits) {
  Partition& read_from = partition(where);
  const std::lock_guard lock(read_from.mutex);
  return read_from.read(from, limits);
}

Result<streams::LogRange> LakeLog::range(streams::TopicPartition where) {
  Partition& asked = partition(where);
  const std::lock_guard lock(asked.mutex);
  BB_RETURN_IF_ERROR(asked.list_new());
  return asked.range();
}

Result<std::vector<LakeLog::Gap>> LakeLog::gaps(streams::TopicPartition where) {
  Partition& asked = partition(where);
  const std::lock_guard lock(asked.mutex);
  BB_RETURN_IF_ERROR(asked.list_all());
  std::vector<Gap> gaps;
  for (std::size_t i = 1; i < asked.files.size(); ++i) {
    const Offset expected = asked.files[i - 1].last.next();
    if (asked.files[i].first > expected) gaps.push_back({expected, asked.files[i].first});
  }
  return gaps;
}

Status LakeLog::commit(std::string_view group, streams::TopicPartition where, Offset next) {
  const std::lock_guard lock(mutex_);
  committed_[{std::string(group), where}] = next;
  return ok();
}

Result<std::optional<Offset>> LakeLog::committed(std::string_view group,
                                                 streams::TopicPartition where) {
  const std::lock_guard lock(mutex_);
  const auto found = committed_.find({std::string(group), where});
  return found == committed_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::uint64_t> LakeLog::size_in_bytes(streams::TopicPartition where) {
  Partition& asked = partition(where);
  const std::lock_guard lock(asked.mutex);
  std::uint64_t size = 0;
  for (const LakeFile& file : asked.files) size += file.size;
  return size;
}

void LakeLog::append(std::vector<streams::NewRecord> /*records*/, AppendCallback done) {
  done(read_only());
}

Result<std::uint64_t> LakeLog::apply_retention(streams::TopicPartition /*where*/,
                                               const streams::LogRetention& /*retention*/,
                                               Offset /*keep_from*/, Timestamp /*now*/) {
  return read_only();
}

}  // namespace bytebasket::lake
