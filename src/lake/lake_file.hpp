// The lake's files by name: which records of which partition stand in which.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/file_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::lake {

/// A file that holds all records of a partition from `first` to `last`, both inclusive:
/// `<stream>/date=YYYY-MM-DD/hour=HH/e<epoch>-p<partition>-<first>-<last>.parquet`.
struct LakeFile {
  streams::Stream stream = streams::Stream::user_activity;
  Timestamp hour;  ///< its start, by the running maximum of the log's append time
  Epoch epoch;
  PartitionId partition;
  Offset first;
  Offset last;
  std::uint64_t size = 0;  ///< bytes; where it was listed

  /// By partition, then by place in the log; of two that begin alike the larger first.
  std::strong_ordering operator<=>(const LakeFile& other) const;
  bool operator==(const LakeFile&) const = default;

  [[nodiscard]] std::string path() const;
  /// True where every record of `other` is in here too.
  [[nodiscard]] bool contains(const LakeFile& other) const;
};

/// The file that `name` says, in the folder of this stream and hour; nullopt for other names.
std::optional<LakeFile> parse_file_name(streams::Stream stream, Timestamp hour,
                                        std::string_view name);

/// `user-activity/date=2026-11-22/hour=10`
std::string hour_folder(streams::Stream stream, Timestamp hour);
/// `user-activity/date=2026-11-22`
std::string day_folder(streams::Stream stream, Timestamp day);

/// What a reader has to read, in order: a file whose records others have too is left out (larger
/// ranges win). Where two overlap (two archivers owned a partition for a moment) both are kept: the
/// reader passes records that it has seen.
std::vector<LakeFile> covering(std::vector<LakeFile> files);

/// The days and the hours that a stream has folders of, oldest first.
Result<std::vector<Timestamp>> list_days(storage::FileStore& store, streams::Stream stream);
Result<std::vector<Timestamp>> list_hours(storage::FileStore& store, streams::Stream stream,
                                          Timestamp day);

/// Every file of an hour, of all partitions, sorted; also those that larger ones contain.
Result<std::vector<LakeFile>> list_files(storage::FileStore& store, streams::Stream stream,
                                         Timestamp hour);

/// The file of the partition's newest records; nullopt where the lake has none of this epoch.
Result<std::optional<LakeFile>> newest_file(storage::FileStore& store,
                                            streams::TopicPartition where, Epoch epoch);

/// The offset from which on the lake has nothing of the partition yet, given what the log holds:
/// the log must keep it. `corrupt` where the lake is ahead of the log, so is not of this log.
Result<Offset> archived_until(storage::FileStore& store, streams::TopicPartition where,
                              const streams::LogRange& log);

}  // namespace bytebasket::lake
