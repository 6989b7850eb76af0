// A batch of records being put together.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "streams/event_log.hpp"

namespace bytebasket::streams::kafka {

/// Copies each record once, into few large buffers: a message is freed as soon as it is copied,
/// while it is still in the processor's caches, and a record may be read 64 bytes beyond its value.
class BatchMaker {
 public:
  /// `expected` is about how many bytes the batch will have.
  BatchMaker(const ReadLimits& limits, std::size_t expected);

  /// False where it does not fit any more. The first always fits.
  bool add(const Record& record);

  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] bool full() const {
    return records_.size() >= most_records_ || (bytes_ >= most_bytes_ && !empty());
  }
  [[nodiscard]] std::size_t mean_size() const { return bytes_ / records_.size(); }
  /// One past the last record; there must be one.
  [[nodiscard]] Offset next() const { return records_.back().offset.next(); }

  RecordBatch take() && { return {std::move(records_), std::move(buffers_)}; }

 private:
  std::string_view copy(std::string_view bytes);

  const std::size_t most_records_;
  const std::size_t most_bytes_;
  const std::size_t expected_;
  std::size_t bytes_ = 0;
  std::vector<Record> records_;
  std::vector<std::unique_ptr<std::string>> buffers_;
};

}  // namespace bytebasket::streams::kafka
