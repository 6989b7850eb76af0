// Memory for what a reader cannot leave where it is: unescaped strings and product lines.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "events/json_text.hpp"

namespace bytebasket::events {

/// Hands out memory from blocks that stay where they are, and takes all of it back at once. Keeps
/// its blocks for the next round, up to `most_kept` bytes.
class TextArena {
 public:
  /// A copy of `items` that lives until clear().
  template <typename T>
  std::span<const T> copy(std::span<const T> items) {
    static_assert(std::is_trivially_destructible_v<T> && std::is_copy_constructible_v<T>);
    if (items.empty()) return {};
    T* const place = reinterpret_cast<T*>(allocate(items.size_bytes()));
    std::uninitialized_copy(items.begin(), items.end(), place);
    return {place, items.size()};
  }

  /// What the inside of a JSON string stands for; lives until clear().
  std::string_view unescape(std::string_view raw) {
    scratch_.clear();
    append_unescaped(scratch_, raw);
    char* const place = allocate(scratch_.size());
    std::copy(scratch_.begin(), scratch_.end(), place);
    return {place, scratch_.size()};
  }

  /// One text after the other; lives until clear().
  std::string_view join(std::string_view first, std::string_view second) {
    char* const place = allocate(first.size() + second.size());
    std::copy(second.begin(), second.end(), std::copy(first.begin(), first.end(), place));
    return {place, first.size() + second.size()};
  }

  void clear() {
    if (held_ > most_kept) {
      blocks_.clear();
      held_ = 0;
    }
    current_ = 0;
    used_ = 0;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  static constexpr std::size_t block_size = 64 << 10;
  static constexpr std::size_t most_kept = 4 << 20;

  char* allocate(std::size_t size) {
    constexpr std::size_t alignment = alignof(std::max_align_t);
    size = (size + alignment - 1) / alignment * alignment;
    while (current_ < blocks_.size() && used_ + size > blocks_[current_].size) {
      ++current_;
      used_ = 0;
    }
    if (current_ == blocks_.size()) {
      const std::size_t wanted = std::max(block_size, size);
      blocks_.push_back({std::make_unique_for_overwrite<char[]>(wanted), wanted});
      held_ += wanted;
    }
    char* const place = blocks_[current_].bytes.get() + used_;
    used_ += size;
    return place;
  }

  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;
  std::size_t held_ = 0;
  std::string scratch_;
};

}  // namespace bytebasket::events
