// What the log knows of one partition while it is open, and how readers wait for more of it.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/position.hpp"
#include "base/time.hpp"

namespace bytebasket::streams {

/// The durable end of a partition.
struct PartitionTail {
  Offset end{0};
  Timestamp append_time;        ///< of the newest record: the next one's is not smaller
  std::uint64_t end_bytes = 0;  ///< of all batches ever stored
};

/// The oldest that is still kept.
struct PartitionHead {
  Offset first{0};
  std::uint64_t first_bytes = 0;  ///< of all batches ever stored before it
};

/// Thread-safe. The committing thread moves the tail, retention the head.
class Partition {
 public:
  [[nodiscard]] PartitionTail tail() const {
    const std::lock_guard lock(mutex_);
    return tail_;
  }
  [[nodiscard]] PartitionHead head() const {
    const std::lock_guard lock(mutex_);
    return head_;
  }

  void restore(const PartitionHead& head, const PartitionTail& tail) {
    const std::lock_guard lock(mutex_);
    head_ = head;
    tail_ = tail;
  }
  void set_head(const PartitionHead& head) {
    const std::lock_guard lock(mutex_);
    head_ = head;
  }
  void set_tail(const PartitionTail& tail) {
    {
      const std::lock_guard lock(mutex_);
      tail_ = tail;
    }
    changed_.notify_all();
  }

  /// Waits until there is something beyond `from`, `max_wait` is over or the log is closed; nullopt
  /// when it is closed.
  [[nodiscard]] std::optional<PartitionTail> wait_beyond(Offset from, Milliseconds max_wait) {
    std::unique_lock lock(mutex_);
    const auto ready = [&] { return closed_ || tail_.end > from; };
    if (max_wait.count() > 0) {
      changed_.wait_for(lock, std::min(max_wait, Milliseconds(longest_wait)), ready);
    }
    if (closed_) return std::nullopt;
    return tail_;
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

 private:
  /// A wait without end would overflow the clock's arithmetic.
  static constexpr std::chrono::hours longest_wait{24};

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  PartitionHead head_;
  PartitionTail tail_;
  bool closed_ = false;
};

}  // namespace bytebasket::streams
