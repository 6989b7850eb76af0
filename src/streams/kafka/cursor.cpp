#include "streams/kafka/cursor.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <librdkafka/rdkafka.h>

namespace bytebasket::streams::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// How long one wait lasts before it looks whether the log is closed.
constexpr Milliseconds slice{50};
constexpr Milliseconds longest_wait = std::chrono::hours(24);
constexpr std::size_t most_at_once = 1'000;
/// What simdjson may read beyond a value.
constexpr std::size_t padding = 64;

Milliseconds left_until(SteadyClock::time_point deadline) {
  const auto left = std::chrono::ceil<Milliseconds>(deadline - SteadyClock::now());
  return std::max(left, Milliseconds(0));
}

}  // namespace

void MessageDeleter::operator()(rd_kafka_message_s* message) const {
  rd_kafka_message_destroy(message);
}

Result<std::unique_ptr<Cursor>> Cursor::open(rd_kafka_topic_s* topic, std::int32_t partition,
                                             Offset from) {
  if (rd_kafka_consume_start(topic, partition, from.value()) != 0) {
    return fail(
        error_of(rd_kafka_last_error(), std::string("read topic ") + rd_kafka_topic_name(topic)));
  }
  return std::unique_ptr<Cursor>(new Cursor(topic, partition, from));
}

Cursor::Cursor(rd_kafka_topic_s* topic, std::int32_t partition, Offset from)
    : topic_(topic), partition_(partition), next_(from) {}

Cursor::~Cursor() {
  held_.clear();
  rd_kafka_consume_stop(topic_, partition_);
}

std::string Cursor::name() const {
  return std::string(rd_kafka_topic_name(topic_)) + "/" + std::to_string(partition_);
}

Status Cursor::take(Message message) {
  switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR: {
      BB_ASSIGN_OR_RETURN(RecordHeaders headers, read_headers(*message));
      const std::size_t size = message->key_len + message->len + headers.detail.size();
      held_.push_back({std::move(message), headers, size});
      return ok();
    }
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      end_ = Offset(message->offset);
      return ok();
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
      return ok();  // the client connects again by itself
    default:
      return fail(error_of(message->err, "read " + name()));
  }
}

Status Cursor::pull(std::size_t most, Milliseconds wait) {
  // The library's batch call waits until it is full or the time is over, so the first is asked for
  // alone.
  if (wait.count() > 0) {
    Message first(rd_kafka_consume(topic_, partition_, static_cast<int>(wait.count())));
    if (!first) return ok();
    BB_RETURN_IF_ERROR(take(std::move(first)));
  }
  std::array<rd_kafka_message_t*, most_at_once> messages{};
  while (held_.size() < most) {
    const std::size_t room = std::min(most - held_.size(), messages.size());
    const auto count = rd_kafka_consume_batch(topic_, partition_, 0, messages.data(), room);
    if (count < 0) return fail(error_of(rd_kafka_last_error(), "read " + name()));
    Status outcome = ok();
    for (ssize_t i = 0; i < count; ++i) {
      Message message(messages[static_cast<std::size_t>(i)]);
      if (outcome) outcome = take(std::move(message));
    }
    BB_RETURN_IF_ERROR(outcome);
    if (static_cast<std::size_t>(count) < room) break;
  }
  return ok();
}

Status Cursor::wait_for_records(const ReadLimits& limits, Milliseconds wait,
                                const std::atomic<bool>& closed) {
  const auto deadline = SteadyClock::now() + std::min(wait, longest_wait);
  while (held_.empty()) {
    if (closed) return fail(ErrorCode::cancelled, "the event log is closed");
    const Milliseconds left = left_until(deadline);
    if (left.count() == 0) break;
    BB_RETURN_IF_ERROR(pull(limits.max_records, std::min(left, slice)));
  }
  return ok();
}

Status Cursor::wait_for_end(Offset end, Milliseconds patience, const std::atomic<bool>& closed) {
  const auto deadline = SteadyClock::now() + patience;
  while (held_.empty() && (!end_ || *end_ < end)) {
    if (closed) return fail(ErrorCode::cancelled, "the event log is closed");
    const Milliseconds left = left_until(deadline);
    if (left.count() == 0) {
      return fail(ErrorCode::unavailable,
                  "kafka: " + name() + " has records up to " + std::to_string(end.value()) +
                      " and gives none from " + std::to_string(next_.value()) + " on");
    }
    BB_RETURN_IF_ERROR(pull(1, std::min(left, slice)));
  }
  return ok();
}

Result<RecordBatch> Cursor::read(const ReadLimits& limits, Admin& admin, Milliseconds patience,
                                 const std::atomic<bool>& closed) {
  if (held_.size() < limits.max_records) BB_RETURN_IF_ERROR(pull(limits.max_records, {}));
  if (held_.empty() && limits.max_wait.count() > 0) {
    BB_RETURN_IF_ERROR(wait_for_records(limits, limits.max_wait, closed));
    // Nothing came, and the end was reached: there is nothing.
    if (held_.empty() && end_) return RecordBatch();
  }
  if (held_.empty()) {
    // The client may not have asked yet, so the cluster is asked where the end is.
    BB_ASSIGN_OR_RETURN(const OffsetRange range,
                        admin.range(rd_kafka_topic_name(topic_), partition_));
    if (range.end <= next_) return RecordBatch();
    BB_RETURN_IF_ERROR(wait_for_end(range.end, patience, closed));
    BB_RETURN_IF_ERROR(pull(limits.max_records, {}));
  }
  return give(limits);
}

RecordBatch Cursor::give(const ReadLimits& limits) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < held_.size() && count < std::max<std::size_t>(limits.max_records, 1) &&
         (count == 0 || bytes + held_[count].size <= limits.max_bytes)) {
    bytes += held_[count++].size;
  }
  if (count == 0) return {};
  auto buffer = std::make_unique<std::string>();
  buffer->reserve(bytes + padding);
  std::vector<Record> records;
  records.reserve(count);
  const auto copy = [&buffer = *buffer](const void* data, std::size_t size) {
    const std::size_t begin = buffer.size();
    buffer.append(static_cast<const char*>(data), size);
    return std::string_view(buffer.data() + begin, size);
  };
  for (std::size_t i = 0; i < count; ++i) {
    const Held& held = held_.front();
    const rd_kafka_message_t& message = *held.message;
    rd_kafka_timestamp_type_t kind{};
    Record record{.offset = Offset(message.offset),
                  .append_time = timestamp_from_ms(rd_kafka_message_timestamp(&message, &kind)),
                  .received_at = held.headers.received_at,
                  .type = held.headers.type};
    record.key = copy(message.key, message.key_len);
    record.value = copy(message.payload, message.len);
    record.detail = copy(held.headers.detail.data(), held.headers.detail.size());
    records.push_back(record);
    held_.pop_front();
  }
  buffer->append(padding, '\0');
  next_ = records.back().offset.next();
  std::vector<std::unique_ptr<std::string>> buffers;
  buffers.push_back(std::move(buffer));
  return {std::move(records), std::move(buffers)};
}

}  // namespace bytebasket::streams::kafka
