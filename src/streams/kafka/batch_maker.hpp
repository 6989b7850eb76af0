// A batch of records being put together.
#pragma once

#include <cstddef>
#include <functional>
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
  /// For one read; `expected` is about how many bytes the batch will have.
  BatchMaker(const ReadLimits& limits, std::size_t expected);

  /// False where it does not fit any more. The first always fits.
  bool add(const Record& record);

  /// True where it is an event that whoever reads passes over: it is counted, and need not be
  /// added.
  bool pass_over(Offset offset, std::string_view key, std::string_view value);

  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] bool full() const {
    return size() >= most_records_ || (bytes_ >= most_bytes_ && !records_.empty());
  }
  /// Of all that was seen; there must be one.
  [[nodiscard]] std::size_t mean_size() const { return (bytes_ + passed_over_bytes_) / size(); }

  RecordBatch take() && { return {std::move(records_), std::move(buffers_), passed_over_}; }

 private:
  [[nodiscard]] std::size_t size() const { return records_.size() + passed_over_.count; }
  std::string_view copy(std::string_view bytes);

  std::function<bool(std::string_view)> passes_over_;  ///< none behind a control record
  const std::size_t most_records_;
  const std::size_t most_bytes_;
  const std::size_t expected_;
  std::size_t bytes_ = 0;
  PassedOver passed_over_;
  std::size_t passed_over_bytes_ = 0;
  std::vector<Record> records_;
  std::vector<std::unique_ptr<std::string>> buffers_;
};

}  // namespace bytebasket::streams::kafka
