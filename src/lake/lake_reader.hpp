// A Parquet file of the lake → the records that were archived, in the order of their offsets.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "lake/lake_file.hpp"
#include "storage/file_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::lake {

/// Holds one row group at a time. Not thread-safe.
class LakeReader {
 public:
  /// `not_found` where the file is gone (merged into a larger one, or beyond its retention);
  /// `corrupt` where it is no file of the lake.
  static Result<std::unique_ptr<LakeReader>> open(storage::FileStore& store, const LakeFile& file);
  ~LakeReader();

  [[nodiscard]] const LakeFile& file() const { return file_; }

  /// Records from `from` on, at most what `limits` say but at least one if there is any; empty when
  /// the file has none.
  Result<streams::RecordBatch> read(Offset from, const streams::ReadLimits& limits);

 private:
  struct Parquet;
  LakeReader(const LakeFile& file, std::unique_ptr<Parquet> parquet);
  Status load(int row_group);

  const LakeFile file_;
  std::unique_ptr<Parquet> parquet_;
};

}  // namespace bytebasket::lake
