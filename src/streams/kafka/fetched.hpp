// What the client has fetched and handed over, some thousand messages at a time.
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.hpp"

struct rd_kafka_message_s;
struct rd_kafka_queue_s;

namespace bytebasket::streams::kafka {

/// Owns messages and frees them all at once. Each stands in the heap of the client's thread that
/// fetched it, and that thread goes on to take memory from it: freed one by one between other work,
/// both threads went for the heap's lock with every message.
class Fetched {
 public:
  Fetched() = default;
  ~Fetched() { free_all(); }
  Fetched(const Fetched&) = delete;
  Fetched& operator=(const Fetched&) = delete;

  [[nodiscard]] bool empty() const { return next_ == messages_.size(); }
  [[nodiscard]] const rd_kafka_message_s& front() const { return *messages_[next_]; }
  /// Done with the front.
  void pop();

  /// Takes at most `most` out of the queue, after waiting at most `wait` for the first of them.
  /// Only when empty.
  void fill(rd_kafka_queue_s* queue, Milliseconds wait, std::size_t most);
  void free_all();

 private:
  std::vector<rd_kafka_message_s*> messages_;
  std::size_t next_ = 0;
};

}  // namespace bytebasket::streams::kafka
