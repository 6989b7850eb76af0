#include "lake/compaction.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "base/crash_point.hpp"
#include "lake/lake_reader.hpp"

namespace bytebasket::lake {
namespace {

bool same_log(const LakeFile& a, const LakeFile& b) {
  return a.partition == b.partition && a.epoch == b.epoch;
}

/// Copies the records of the parts that the writer has not had yet.
Status copy(storage::FileStore& store, const std::vector<LakeFile>& parts, LakeWriter& writer) {
  Offset next = parts.front().first;
  for (const LakeFile& part : parts) {
    BB_ASSIGN_OR_RETURN(const auto reader, LakeReader::open(store, part));
    for (;;) {
      BB_ASSIGN_OR_RETURN(auto batch, reader->read(next, {}));
      if (batch.empty()) break;
      next = batch.records().back().offset.next();
      const std::size_t size = batch.size();
      BB_RETURN_IF_ERROR(
          writer.add(std::make_shared<const streams::RecordBatch>(std::move(batch)), 0, size));
    }
  }
  return ok();
}

}  // namespace

Result<CompactionReport> Compactor::run(streams::Stream stream) {
  CompactionReport report;
  std::set<PartitionId> newer;  // partitions that have a file in a later hour
  BB_ASSIGN_OR_RETURN(const auto days, list_days(store_, stream));
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    BB_ASSIGN_OR_RETURN(const auto hours, list_hours(store_, stream, *day));
    for (auto hour = hours.rbegin(); hour != hours.rend(); ++hour) {
      if (!done_.contains({stream, *hour}))
        BB_RETURN_IF_ERROR(compact_hour(stream, *hour, newer, report));
    }
  }
  return report;
}

Status Compactor::compact_hour(streams::Stream stream, Timestamp hour, std::set<PartitionId>& newer,
                               CompactionReport& report) {
  BB_ASSIGN_OR_RETURN(const auto files, list_files(store_, stream, hour));
  bool over = true;
  for (auto begin = files.begin(); begin != files.end();) {
    const auto end = std::find_if(begin, files.end(),
                                  [&](const LakeFile& file) { return !same_log(file, *begin); });
    if (newer.contains(begin->partition)) {
      BB_RETURN_IF_ERROR(compact_partition({begin, end}, report));
    } else {
      over = false;
    }
    begin = end;
  }
  for (const LakeFile& file : files) newer.insert(file.partition);
  if (over) done_.insert({stream, hour});
  return ok();
}

Status Compactor::compact_partition(const std::vector<LakeFile>& files, CompactionReport& report) {
  const std::vector<LakeFile> parts = covering(files);
  for (const LakeFile& part : parts) BB_RETURN_IF_ERROR(remove_contained(files, part, report));
  for (std::size_t begin = 0; begin < parts.size();) {
    std::vector<LakeFile> run = {parts[begin]};
    std::uint64_t bytes = parts[begin].size;
    // Only what follows without a gap: a name must not claim records that the file does not have.
    for (std::size_t i = begin + 1; i < parts.size(); ++i) {
      bytes += parts[i].size;
      if (parts[i].first > run.back().last.next() || bytes > options_.max_bytes) break;
      run.push_back(parts[i]);
    }
    if (run.size() > 1) BB_RETURN_IF_ERROR(merge(run, report));
    begin += run.size();
  }
  return ok();
}

Status Compactor::merge(const std::vector<LakeFile>& parts, CompactionReport& report) {
  const LakeFile& first = parts.front();
  BB_ASSIGN_OR_RETURN(const auto writer, LakeWriter::create(store_, {first.stream, first.partition},
                                                            first.epoch, options_.writer));
  BB_RETURN_IF_ERROR(copy(store_, parts, *writer));
  const auto merged = writer->publish(first.hour);
  if (!merged && merged.error().code != ErrorCode::already_exists) return fail(merged.error());
  crash_point("lake.merged");
  LakeFile whole = first;
  whole.last = parts.back().last;
  if (merged) ++report.merged;
  return remove_contained(parts, whole, report);
}

Status Compactor::remove_contained(const std::vector<LakeFile>& files, const LakeFile& in,
                                   CompactionReport& report) {
  for (const LakeFile& file : files) {
    if (!in.contains(file) || file.path() == in.path()) continue;
    BB_RETURN_IF_ERROR(store_.remove(file.path()));
    crash_point("lake.part_removed");
    ++report.removed;
  }
  return ok();
}

namespace {

Result<std::set<PartitionId>> partitions_of_day(storage::FileStore& store, streams::Stream stream,
                                                Timestamp day) {
  std::set<PartitionId> partitions;
  BB_ASSIGN_OR_RETURN(const auto hours, list_hours(store, stream, day));
  for (const Timestamp hour : hours) {
    BB_ASSIGN_OR_RETURN(const auto files, list_files(store, stream, hour));
    for (const LakeFile& file : files) partitions.insert(file.partition);
  }
  return partitions;
}

}  // namespace

Result<std::uint64_t> remove_old_days(storage::FileStore& store, streams::Stream stream,
                                      Timestamp before) {
  BB_ASSIGN_OR_RETURN(const auto days, list_days(store, stream));
  std::uint64_t removed = 0;
  std::set<PartitionId> newer;    // partitions with files in days after the one that is looked at
  auto unlisted = days.rbegin();  // from the newest on, listed only as far as needed
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    if (*day + std::chrono::days(1) > before) continue;
    BB_ASSIGN_OR_RETURN(auto left, partitions_of_day(store, stream, *day));
    const auto drop_newer = [&] {
      std::erase_if(left, [&](PartitionId partition) { return newer.contains(partition); });
    };
    for (drop_newer(); !left.empty() && unlisted != day; ++unlisted) {
      BB_ASSIGN_OR_RETURN(auto partitions, partitions_of_day(store, stream, *unlisted));
      newer.merge(partitions);
      drop_newer();
    }
    if (!left.empty()) continue;
    BB_RETURN_IF_ERROR(store.remove(day_folder(stream, *day)));
    ++removed;
  }
  return removed;
}

}  // namespace bytebasket::lake
