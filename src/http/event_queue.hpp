// What a client of an event stream has yet to be sent, up to a limit.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace bytebasket::http {

/// Filled from any thread, emptied by the connection's. A client that does not read fast enough is
/// given up: once the queue has been full it is closed.
class EventQueue {
 public:
  enum class Pushed {
    first,          ///< the queue was empty: have it written
    behind_others,  ///< it goes with those that are waiting
    refused,        ///< closed, ended or full
  };
  Pushed push(std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (closed_ || ended_) return Pushed::refused;
    if (waiting_.size() + text.size() > most_bytes) {
      closed_ = true;
      return Pushed::refused;
    }
    const bool first = waiting_.empty();
    waiting_ += text;
    return first ? Pushed::first : Pushed::behind_others;
  }

  /// Puts `text` before what is waiting already.
  void push_first(std::string_view text) {
    const std::lock_guard lock(mutex_);
    waiting_.insert(0, text);
  }

  std::string take_all() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
  }

  /// The client is gone.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  /// Nothing more will be pushed; what is waiting is still written.
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  [[nodiscard]] bool open() const {
    const std::lock_guard lock(mutex_);
    return !closed_ && !ended_;
  }
  [[nodiscard]] bool finished() const {
    const std::lock_guard lock(mutex_);
    return closed_ || ended_;
  }

 private:
  static constexpr std::size_t most_bytes = 1 << 20;

  mutable std::mutex mutex_;
  std::string waiting_;
  bool closed_ = false;
  bool ended_ = false;
};

}  // namespace bytebasket::http
