// One partition of the log → files of the lake.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "base/result.hpp"
#include "base/time.hpp"
#include "lake/lake_file.hpp"
#include "lake/lake_writer.hpp"
#include "storage/file_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::lake {

/// When a file is complete: whichever comes first, or the end of the hour.
struct ArchiverOptions {
  std::size_t file_rows = 4'000'000;
  std::size_t file_bytes = 256 << 20;  ///< of the records, as in the log
  Milliseconds file_age{300'000};      ///< since its first record was read
  streams::ReadLimits read;            ///< of one step
  LakeWriterOptions writer;
};

/// The names of the files say where to go on, and nothing else is remembered: a record is in the
/// lake when its file has its name, so none is missing or twice whenever the process dies. Life
/// cycle: construct, start(), step() again and again, flush() at the end. After any error throw it
/// away and make a new one. Not thread-safe. A partition has one archiver at a time.
class PartitionArchiver {
 public:
  PartitionArchiver(streams::EventLog& log, storage::FileStore& store,
                    streams::TopicPartition where, const ArchiverOptions& options,
                    const Clock& clock);
  ~PartitionArchiver();

  /// Finds out where to go on. `corrupt` when lake and log do not belong together.
  Status start();

  /// Reads what is there, waiting at most `max_wait` for something, and publishes what is complete.
  /// The number of records that were read.
  Result<std::size_t> step(Milliseconds max_wait);

  /// Publishes everything read so far.
  Status flush();

  /// One past the newest record in the lake.
  [[nodiscard]] Offset archived() const { return archived_; }
  /// What was published since the last call.
  struct Published {
    std::size_t files = 0;
    std::size_t rows = 0;
    std::size_t bytes = 0;  ///< of the records
  };
  Published take_published() { return std::exchange(published_, {}); }

 private:
  Status take(const std::shared_ptr<const streams::RecordBatch>& batch);
  Status add(const std::shared_ptr<const streams::RecordBatch>& batch, std::size_t begin,
             std::size_t end);
  Status check_still_owner();
  [[nodiscard]] bool complete() const;

  streams::EventLog& log_;
  storage::FileStore& store_;
  const streams::TopicPartition where_;
  const ArchiverOptions options_;
  const Clock& clock_;
  Epoch epoch_;
  Offset next_;      ///< to be read
  Offset archived_;  ///< all before it is in the lake
  Timestamp hour_;   ///< of the newest record: the running maximum
  Timestamp begun_;  ///< when the file's first record was read
  std::unique_ptr<LakeWriter> writer_;
  Published published_;
};

}  // namespace bytebasket::lake
