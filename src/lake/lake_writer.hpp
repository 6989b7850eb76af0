// Records of one partition → a Parquet file of the lake.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "lake/lake_file.hpp"
#include "lake/lake_row.hpp"
#include "lake/row_columns.hpp"
#include "storage/file_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::lake {

struct LakeWriterOptions {
  /// A row group is a run of the log: readers that want the records in order hold one at a time.
  std::size_t row_group_rows = 65'536;
  std::size_t row_group_bytes = 32 << 20;
  int zstd_level = 1;
};

/// Writes one file, row group by row group, aside; publish() gives it its name. After an error
/// throw it away. Not thread-safe.
class LakeWriter {
 public:
  static Result<std::unique_ptr<LakeWriter>> create(storage::FileStore& store,
                                                    streams::TopicPartition where, Epoch epoch,
                                                    const LakeWriterOptions& options);
  ~LakeWriter();

  /// Takes the records [begin, end) of the batch, which follow those taken before. The batch is
  /// shared because one may reach over the end of an hour, into the next file.
  Status add(const std::shared_ptr<const streams::RecordBatch>& batch, std::size_t begin,
             std::size_t end);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }  ///< of the records, as in the log

  /// Completes the file and publishes it among those of the hour. It must have rows.
  /// `already_exists`: this very range is in the lake.
  Result<LakeFile> publish(Timestamp hour);

 private:
  struct Parquet;
  LakeWriter(streams::TopicPartition where, Epoch epoch, const LakeWriterOptions& options);
  Status write_row_group();

  const streams::TopicPartition where_;
  const Epoch epoch_;
  const LakeWriterOptions options_;
  std::unique_ptr<Parquet> parquet_;
  RowSplitter splitter_;
  std::vector<std::shared_ptr<const streams::RecordBatch>>
      batches_;         ///< that `pending_` looks into
  LakeRow row_;         ///< that is being added
  RowColumns pending_;  ///< of the next row group
  std::size_t pending_bytes_ = 0;
  Offset first_;
  Offset last_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace bytebasket::lake
