// One partition being read by one client: kept positioned, so that going on costs nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/position.hpp"
#include "base/result.hpp"
#include "streams/event_log.hpp"
#include "streams/kafka/admin.hpp"
#include "streams/kafka/record_headers.hpp"

struct rd_kafka_message_s;
struct rd_kafka_topic_s;

namespace bytebasket::streams::kafka {

struct MessageDeleter {
  void operator()(rd_kafka_message_s* message) const;
};
using Message = std::unique_ptr<rd_kafka_message_s, MessageDeleter>;

/// Not thread-safe. After an error throw it away.
class Cursor {
 public:
  /// Begins to fetch from `from` on.
  static Result<std::unique_ptr<Cursor>> open(rd_kafka_topic_s* topic, std::int32_t partition,
                                              Offset from);
  ~Cursor();
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  /// Where the next read goes on.
  [[nodiscard]] Offset next() const { return next_; }

  /// What EventLog::read says. `patience` is for records that are known to be there.
  Result<RecordBatch> read(const ReadLimits& limits, Admin& admin, Milliseconds patience,
                           const std::atomic<bool>& closed);

 private:
  struct Held {
    Message message;
    RecordHeaders headers;
    std::size_t size = 0;
  };

  Cursor(rd_kafka_topic_s* topic, std::int32_t partition, Offset from);
  [[nodiscard]] std::string name() const;
  /// Takes what the client has fetched, after waiting at most `wait` for the first of it.
  Status pull(std::size_t most, Milliseconds wait);
  Status take(Message message);
  Status wait_for_records(const ReadLimits& limits, Milliseconds wait,
                          const std::atomic<bool>& closed);
  Status wait_for_end(Offset end, Milliseconds patience, const std::atomic<bool>& closed);
  RecordBatch give(const ReadLimits& limits);

  rd_kafka_topic_s* const topic_;
  const std::int32_t partition_;
  Offset next_;            ///< one past the last record given
  std::deque<Held> held_;  ///< fetched and not yet given
  /// Where the partition ended when the client last came to its end.
  std::optional<Offset> end_;
};

}  // namespace bytebasket::streams::kafka
