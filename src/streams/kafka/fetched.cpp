#include "streams/kafka/fetched.hpp"

#include <algorithm>

#include <librdkafka/rdkafka.h>

namespace bytebasket::streams::kafka {
namespace {

/// Whoever reads the front soon reads those behind it: what another core wrote last is on its way
/// by then.
constexpr std::size_t ahead = 6;

void prefetch(const rd_kafka_message_t& message) {
  const auto* const value = static_cast<const char*>(message.payload);
  __builtin_prefetch(message.key);
  __builtin_prefetch(value);
  __builtin_prefetch(value + message.len);
}

std::size_t take(rd_kafka_queue_t* queue, Milliseconds wait, rd_kafka_message_t** into,
                 std::size_t most) {
  const auto got = rd_kafka_consume_batch_queue(queue, static_cast<int>(wait.count()), into, most);
  return static_cast<std::size_t>(std::max<decltype(got)>(got, 0));
}

}  // namespace

void Fetched::pop() {
  ++next_;
  if (next_ + ahead < messages_.size()) prefetch(*messages_[next_ + ahead]);
  if (next_ + 2 * ahead < messages_.size()) __builtin_prefetch(messages_[next_ + 2 * ahead]);
}

void Fetched::fill(rd_kafka_queue_t* queue, Milliseconds wait, std::size_t most) {
  free_all();
  messages_.resize(most);
  // Told to wait the library waits for all of them.
  std::size_t got = wait.count() > 0 ? take(queue, wait, messages_.data(), 1) : 0;
  if (wait.count() == 0 || got > 0)
    got += take(queue, Milliseconds(0), messages_.data() + got, most - got);
  messages_.resize(got);
}

void Fetched::free_all() {
  for (rd_kafka_message_t* message : messages_) rd_kafka_message_destroy(message);
  messages_.clear();
  next_ = 0;
}

}  // namespace bytebasket::streams::kafka
