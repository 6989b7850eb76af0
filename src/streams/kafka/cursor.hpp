// One partition being read by one client: kept positioned, so that going on costs nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/position.hpp"
#include "base/result.hpp"
#include "streams/event_log.hpp"
#include "streams/kafka/admin.hpp"
#include "streams/kafka/batch_maker.hpp"
#include "streams/kafka/fetched.hpp"
#include "streams/kafka/handle.hpp"
#include "streams/kafka/record_headers.hpp"

struct rd_kafka_message_s;
struct rd_kafka_s;
struct rd_kafka_topic_s;

namespace bytebasket::streams::kafka {

/// Not thread-safe. After an error throw it away.
class Cursor {
 public:
  /// Begins to fetch from `from` on.
  static Result<std::unique_ptr<Cursor>> open(rd_kafka_s* client, rd_kafka_topic_s* topic,
                                              std::int32_t partition, Offset from);
  ~Cursor();
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  /// Where the next read goes on.
  [[nodiscard]] Offset next() const { return next_; }

  /// What EventLog::read says. `patience` is for records that are known to be there.
  Result<RecordBatch> read(const ReadLimits& limits, Admin& admin, Milliseconds patience,
                           const std::atomic<bool>& closed);

 private:
  Cursor(rd_kafka_s* client, rd_kafka_topic_s* topic, std::int32_t partition, Offset from);
  [[nodiscard]] std::string name() const;
  /// Moves what the client has fetched into the batch until it is full, after waiting at most
  /// `wait` for the first of it.
  Status pull(BatchMaker& batch, const ReadLimits& limits, Milliseconds wait);
  /// How many messages to take from the client together.
  [[nodiscard]] std::size_t at_once(const ReadLimits& limits) const;
  /// False where it does not fit into the batch any more.
  Result<bool> take(BatchMaker& batch, const rd_kafka_message_s& message);
  Result<RecordHeaders> headers_of(const rd_kafka_message_s& message);
  /// Waits until something came, or `enough` is true, or the time is over; false for the last.
  Result<bool> wait(BatchMaker& batch, const ReadLimits& limits, Milliseconds most,
                    const std::atomic<bool>& closed, const std::function<bool()>& enough);
  /// See the comment in cursor.cpp.
  void keep_fetching();
  void wake_client();

  rd_kafka_s* const client_;
  rd_kafka_topic_s* const topic_;
  const std::int32_t partition_;
  const std::size_t most_fetched_bytes_;  ///< waiting, at which the client stops fetching
  const std::size_t most_fetched_records_;
  Queue queue_;  ///< what the client has fetched
  bool may_have_stopped_ = false;
  bool headers_in_place_ = true;  ///< can be read where they stand
  std::size_t until_check_ = 0;   ///< records until that is looked at again
  Offset next_;                   ///< one past the last record given
  Fetched fetched_;               ///< from the client, and not in a batch yet
  std::size_t mean_size_ = 512;   ///< of the records of the last batch
  /// Where the partition ended when the client last came to its end.
  std::optional<Offset> end_;
};

}  // namespace bytebasket::streams::kafka
