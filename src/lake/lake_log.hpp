// The lake read as a log: what was archived, record by record, in the order of its offsets.
//
// It is an EventLog that cannot be written, so whatever reads a log (a PartitionRunner, `verify`,
// `rebuild`) reads the lake:
//
//   BB_ASSIGN_OR_RETURN(auto lake, lake::LakeLog::open(store, {}));
//   BB_ASSIGN_OR_RETURN(auto range, lake->range(where));           // epoch, first, end
//   BB_ASSIGN_OR_RETURN(auto batch, lake->read(where, range.first, limits));
//
// Records come back byte for byte: key, value (64 readable bytes behind it), detail, times, type;
// control records too. Reading on from where the last read of a partition ended is a stream (one
// row group is held); reading elsewhere opens the file that holds the offset. Several partitions
// may be read at once, each by one thread at its own pace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "lake/lake_file.hpp"
#include "storage/file_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::lake {

struct LakeLogOptions {
  /// Which life of the streams to read; the newest that a partition has where it is not said.
  std::optional<Epoch> epoch;
};

/// Read-only. Thread-safe as every EventLog; memory is bounded by one row group for each partition
/// that is being read.
class LakeLog final : public streams::EventLog {
 public:
  /// Lists the lake. `store` must outlive it.
  static Result<std::unique_ptr<LakeLog>> open(storage::FileStore& store, LakeLogOptions options);
  ~LakeLog() override;

  /// One more than the highest partition that the lake has files of; at least 1.
  [[nodiscard]] std::int32_t partitions(streams::Stream stream) const override;

  /// As of any log, up to what is archived: `not_found` before the first record kept and inside a
  /// range that the lake lacks (see gaps()), `invalid_argument` beyond the end. Files that appear
  /// later are found when the known end is reached; `limits.max_wait` is not waited for. A file
  /// that compaction has merged meanwhile is looked for again.
  Result<streams::RecordBatch> read(streams::TopicPartition where, Offset from,
                                    const streams::ReadLimits& limits) override;

  /// Looks for new files first. A partition without files has the range [0, 0) of epoch 0.
  Result<streams::LogRange> range(streams::TopicPartition where) override;

  /// Offsets between `first` and `end` that the lake does not have: the log had lost them before
  /// they were archived. [from, until) pairs; empty as a rule.
  struct Gap {
    Offset from;
    Offset until;
  };
  Result<std::vector<Gap>> gaps(streams::TopicPartition where);

  /// Groups may note how far they have come; it is forgotten with this object.
  Status commit(std::string_view group, streams::TopicPartition where, Offset next) override;
  Result<std::optional<Offset>> committed(std::string_view group,
                                          streams::TopicPartition where) override;

  /// Bytes of the partition's files.
  Result<std::uint64_t> size_in_bytes(streams::TopicPartition where) override;

  /// All fail with `permission_denied`: the archiver writes the lake, its retention trims it.
  void append(std::vector<streams::NewRecord> records, AppendCallback done) override;
  Result<std::uint64_t> apply_retention(streams::TopicPartition where,
                                        const streams::LogRetention& retention, Offset keep_from,
                                        Timestamp now) override;
  void close() override {}

 private:
  struct Partition;
  LakeLog(storage::FileStore& store, LakeLogOptions options);
  Partition& partition(streams::TopicPartition where);

  storage::FileStore& store_;
  const LakeLogOptions options_;
  mutable std::mutex mutex_;
  std::map<streams::TopicPartition, std::unique_ptr<Partition>> partitions_;
  std::map<std::pair<std::string, streams::TopicPartition>, Offset, std::less<>> committed_;
};

}  // namespace bytebasket::lake
