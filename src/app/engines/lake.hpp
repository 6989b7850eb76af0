// The lake, from the settings. A program that was built without it says so where it is asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/engines/engines.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "schema/settings.hpp"
#include "storage/file_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::app {

/// The lake's files; none where lake.engine is none.
Result<std::unique_ptr<storage::FileStore>> open_lake(const schema::Settings& settings);

/// The offset from which on the log must keep a partition's records for the lake; the log's end
/// where there is no lake.
Result<Offset> archived_offset(storage::FileStore* lake, streams::TopicPartition where,
                               const streams::LogRange& log);

/// The lake read as a log, which cannot be written; see lake/lake_log.hpp. `lake` must outlive it.
Result<std::unique_ptr<streams::EventLog>> read_lake(storage::FileStore& lake);

/// The role `archive`, on threads of its own from construction to stop().
class ArchiveRole {
 public:
  /// `engines` must have a lake. All but the settings must outlive it.
  static Result<std::unique_ptr<ArchiveRole>> start(Engines& engines,
                                                    const schema::Settings& settings,
                                                    const Clock& clock, ArchiveCounters& counters);
  ~ArchiveRole();  ///< stops, if that has not been done

  /// Publishes what was read.
  Status stop();

 private:
  struct Impl;
  explicit ArchiveRole(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Archives what the log holds now. The number of records.
Result<std::uint64_t> archive_log(Engines& engines, const schema::Settings& settings);

struct LakeOrder {
  std::uint64_t merged = 0;   ///< files written
  std::uint64_t removed = 0;  ///< files whose records stand in those
  std::uint64_t days_removed = 0;
};
/// Merges the files of hours that are over, and removes the days that `lake.retention` no longer
/// wants.
Result<LakeOrder> keep_lake_in_order(storage::FileStore& lake, const schema::Settings& settings,
                                     Timestamp now);

/// A file that a reader has to read.
struct LakeListing {
  std::string path;  ///< below the lake's folder
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;
};
/// Each record of the stream stands in one of them.
Result<std::vector<LakeListing>> list_lake(storage::FileStore& lake, streams::Stream stream);

}  // namespace bytebasket::app
