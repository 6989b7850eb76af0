#include "streams/kafka/cursor.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <utility>

#include <librdkafka/rdkafka.h>

namespace bytebasket::streams::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// How long one wait lasts before it looks whether the log is closed.
constexpr Milliseconds next_slice{50};
constexpr Milliseconds longest_wait = std::chrono::hours(24);
/// As many messages are taken from the client and freed together; fewer where they are large.
constexpr std::size_t most_at_once = 2'000;
/// Every so many records their headers are read in both ways.
constexpr std::size_t records_between_checks = 1'000;
/// Where nothing came for so long though there is more, the client is woken.
constexpr Milliseconds first_slice{20};

Milliseconds left_until(SteadyClock::time_point deadline) {
  const auto left = std::chrono::ceil<Milliseconds>(deadline - SteadyClock::now());
  return std::max(left, Milliseconds(0));
}

/// A number among the client's properties.
std::size_t property(rd_kafka_t* client, const char* name) {
  std::array<char, 32> text{};
  std::size_t size = text.size();
  rd_kafka_conf_get(rd_kafka_conf(client), name, text.data(), &size);
  return std::strtoull(text.data(), nullptr, 10);
}

std::string_view bytes(const void* data, std::size_t size) {
  return {static_cast<const char*>(data), size};
}

}  // namespace

// How the client is kept fetching
// -------------------------------
// librdkafka 2.0 leaves a partition out of its fetches while more than `queued.max.messages.kbytes`
// of it wait to be consumed. Nothing tells its fetching thread when they are consumed: it looks
// again when something else wakes it, or after a second, so a reader of more than 16 MB a second
// would wait most of the time. Where the queue was long enough for that and has become short again,
// the thread is woken by a small question to the partition's leader whose answer nobody waits for.

Result<std::unique_ptr<Cursor>> Cursor::open(rd_kafka_s* client, rd_kafka_topic_s* topic,
                                             std::int32_t partition, Offset from) {
  if (rd_kafka_consume_start(topic, partition, from.value()) != 0) {
    return fail(
        error_of(rd_kafka_last_error(), std::string("read topic ") + rd_kafka_topic_name(topic)));
  }
  return std::unique_ptr<Cursor>(new Cursor(client, topic, partition, from));
}

Cursor::Cursor(rd_kafka_s* client, rd_kafka_topic_s* topic, std::int32_t partition, Offset from)
    : client_(client),
      topic_(topic),
      partition_(partition),
      most_fetched_bytes_(property(client, "queued.max.messages.kbytes") << 10),
      most_fetched_records_(property(client, "queued.min.messages")),
      queue_(rd_kafka_queue_get_partition(client, rd_kafka_topic_name(topic), partition)),
      next_(from) {}

Cursor::~Cursor() {
  fetched_.free_all();
  queue_.reset();
  rd_kafka_consume_stop(topic_, partition_);
}

std::string Cursor::name() const {
  return std::string(rd_kafka_topic_name(topic_)) + "/" + std::to_string(partition_);
}

void Cursor::wake_client() {
  may_have_stopped_ = false;
  const PartitionList question =
      one_partition(rd_kafka_topic_name(topic_), partition_, RD_KAFKA_OFFSET_END);
  // Times out at once; the question is sent all the same.
  rd_kafka_offsets_for_times(client_, question.get(), 0);
}

void Cursor::keep_fetching() {
  const std::size_t count = rd_kafka_queue_length(queue_.get());
  const std::size_t bytes = count * mean_size_;
  const auto reaches = [&](std::size_t eighths) {
    return bytes >= most_fetched_bytes_ / 8 * eighths ||
           count >= most_fetched_records_ / 8 * eighths;
  };
  // The client looks at moments of its own, so it may have seen more. It is woken early: on a busy
  // machine it takes milliseconds until it has a core, in which the rest must not run out.
  if (reaches(6)) {
    may_have_stopped_ = true;
  } else if (may_have_stopped_ && !reaches(5)) {
    wake_client();
  }
}

Result<RecordHeaders> Cursor::headers_of(const rd_kafka_message_s& message) {
  const auto in_place =
      headers_in_place_ ? read_headers_in_place(message) : std::optional<RecordHeaders>();
  if (in_place && until_check_-- > 0) return *in_place;
  until_check_ = records_between_checks;
  auto headers = read_headers(message);
  if (in_place && headers)
    headers_in_place_ = in_place->type == headers->type &&
                        in_place->received_at == headers->received_at &&
                        in_place->detail == headers->detail;
  return headers;
}

Result<bool> Cursor::take(BatchMaker& batch, const rd_kafka_message_s& message) {
  switch (message.err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      break;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      end_ = Offset(message.offset);
      return true;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
      return true;  // the client connects again by itself
    default:
      return fail(error_of(message.err, "read " + name()));
  }
  // A mark of Kafka's own, of the end of a transaction.
  if (message.key == nullptr && message.payload == nullptr) return true;
  const std::string_view key = bytes(message.key, message.key_len);
  const std::string_view value = bytes(message.payload, message.len);
  if (batch.pass_over(Offset(message.offset), key, value)) return true;
  BB_ASSIGN_OR_RETURN(const RecordHeaders headers, headers_of(message));
  rd_kafka_timestamp_type_t kind{};
  const Record record{.offset = Offset(message.offset),
                      .append_time = timestamp_from_ms(rd_kafka_message_timestamp(&message, &kind)),
                      .received_at = headers.received_at,
                      .type = headers.type,
                      .key = key,
                      .value = value,
                      .detail = headers.detail};
  return batch.add(record);
}

Status Cursor::pull(BatchMaker& batch, const ReadLimits& limits, Milliseconds wait) {
  while (!batch.full()) {
    if (fetched_.empty()) {
      fetched_.fill(queue_.get(), wait, at_once(limits));
      if (fetched_.empty()) break;
      wait = Milliseconds(0);
    }
    BB_ASSIGN_OR_RETURN(const bool taken, take(batch, fetched_.front()));
    if (!taken) break;
    fetched_.pop();
  }
  if (fetched_.empty()) fetched_.free_all();
  return ok();
}

std::size_t Cursor::at_once(const ReadLimits& limits) const {
  return std::clamp<std::size_t>(limits.max_bytes / mean_size_, 1, most_at_once);
}

Result<bool> Cursor::wait(BatchMaker& batch, const ReadLimits& limits, Milliseconds most,
                          const std::atomic<bool>& closed, const std::function<bool()>& enough) {
  const auto deadline = SteadyClock::now() + std::min(most, longest_wait);
  Milliseconds slice = first_slice;
  while (batch.empty() && !enough()) {
    if (closed) return fail(ErrorCode::cancelled, "the event log is closed");
    const Milliseconds left = left_until(deadline);
    if (left.count() == 0) return false;
    BB_RETURN_IF_ERROR(pull(batch, limits, std::min(left, slice)));
    const bool at_end = end_ && *end_ >= next_;
    if (batch.empty() && !at_end && slice == first_slice) wake_client();
    slice = next_slice;
  }
  return true;
}

Result<RecordBatch> Cursor::read(const ReadLimits& limits, Admin& admin, Milliseconds patience,
                                 const std::atomic<bool>& closed) {
  BatchMaker batch(limits, std::min(limits.max_bytes, limits.max_records * mean_size_));
  keep_fetching();
  BB_RETURN_IF_ERROR(pull(batch, limits, Milliseconds(0)));
  if (batch.empty() && limits.max_wait.count() > 0) {
    BB_RETURN_IF_ERROR(wait(batch, limits, limits.max_wait, closed, [] { return false; }));
    // Nothing came, and the end was reached: there is nothing.
    if (batch.empty() && end_) return RecordBatch();
  }
  if (batch.empty()) {
    // The client may not have asked yet, so the cluster is asked where the end is.
    BB_ASSIGN_OR_RETURN(const OffsetRange range,
                        admin.range(rd_kafka_topic_name(topic_), partition_));
    if (range.end <= next_) return RecordBatch();
    BB_ASSIGN_OR_RETURN(const bool came, wait(batch, limits, patience, closed,
                                              [&] { return end_ && *end_ >= range.end; }));
    if (!came) {
      return fail(ErrorCode::unavailable,
                  "kafka: " + name() + " has records up to " + std::to_string(range.end.value()) +
                      " and gives none from " + std::to_string(next_.value()) + " on");
    }
  }
  if (batch.empty()) return RecordBatch();
  mean_size_ = std::max<std::size_t>(batch.mean_size(), 1);
  RecordBatch read = std::move(batch).take();
  next_ = read.last().next();
  keep_fetching();
  return read;
}

}  // namespace bytebasket::streams::kafka
