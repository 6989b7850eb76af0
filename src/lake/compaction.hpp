// The lake kept in order: an hour's files merged into few, old days removed.
//
// Both are safe beside archivers and readers, and whenever the process dies: a merged file is
// published whole before its parts go, and readers let the larger range win. The hour with a
// partition's newest file is left alone, so whoever asks the names where to go on sees files that
// nobody moves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>

#include "base/result.hpp"
#include "base/time.hpp"
#include "lake/lake_file.hpp"
#include "lake/lake_writer.hpp"
#include "storage/file_store.hpp"

namespace bytebasket::lake {

struct CompactionOptions {
  std::uint64_t max_bytes = 1ULL << 30;  ///< of a merged file, by the sum of its parts
  LakeWriterOptions writer;
};

struct CompactionReport {
  std::uint64_t merged = 0;   ///< files that were written
  std::uint64_t removed = 0;  ///< files whose records stand in others
};

/// Merges, and remembers which hours are done so that a next run does not list them. Not
/// thread-safe.
class Compactor {
 public:
  Compactor(storage::FileStore& store, CompactionOptions options)
      : store_(store), options_(options) {}

  /// Every hour of the stream that is over for its partitions.
  Result<CompactionReport> run(streams::Stream stream);

 private:
  Status compact_hour(streams::Stream stream, Timestamp hour, std::set<PartitionId>& newer,
                      CompactionReport& report);
  Status compact_partition(const std::vector<LakeFile>& files, CompactionReport& report);
  Status merge(const std::vector<LakeFile>& parts, CompactionReport& report);
  Status remove_contained(const std::vector<LakeFile>& files, const LakeFile& in,
                          CompactionReport& report);

  storage::FileStore& store_;
  const CompactionOptions options_;
  std::set<std::pair<streams::Stream, Timestamp>> done_;
};

/// Removes the stream's days that ended at or before `before`, but never a day with the newest file
/// of a partition: it says where to go on. Gives the number of days removed.
Result<std::uint64_t> remove_old_days(storage::FileStore& store, streams::Stream stream,
                                      Timestamp before);

}  // namespace bytebasket::lake
