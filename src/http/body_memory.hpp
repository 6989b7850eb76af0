// What the bodies of requests take, over all connections of a server.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace bytebasket::http {

/// A bound that all connections share. Thread-safe.
class BodyMemory {
 public:
  explicit BodyMemory(std::size_t most) : most_(most) {}

  /// False where it would be more than is allowed; nothing is taken then.
  bool take(std::size_t bytes) {
    if (taken_.fetch_add(bytes) + bytes <= most_) return true;
    taken_.fetch_sub(bytes);
    return false;
  }
  void give_back(std::size_t bytes) { taken_.fetch_sub(bytes); }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};
};

/// One body's part of it. The first bytes of a body are free: connections are bounded already, so
/// small requests are served however many large ones there are.
class HeldBody {
 public:
  explicit HeldBody(std::shared_ptr<BodyMemory> memory) : memory_(std::move(memory)) {}
  ~HeldBody() { release(); }
  HeldBody(const HeldBody&) = delete;
  HeldBody& operator=(const HeldBody&) = delete;

  /// The body has come to `bytes`. False where there is no room for that.
  bool grow_to(std::size_t bytes) {
    if (bytes <= free_bytes + held_) return true;
    const std::size_t more = bytes - free_bytes - held_;
    if (!memory_->take(more)) return false;
    held_ += more;
    return true;
  }
  void release() { memory_->give_back(std::exchange(held_, 0)); }

 private:
  static constexpr std::size_t free_bytes = 16 << 10;

  std::shared_ptr<BodyMemory> memory_;
  std::size_t held_ = 0;
};

}  // namespace bytebasket::http
