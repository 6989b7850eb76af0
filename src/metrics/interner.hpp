// Texts to small numbers and back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/short_text.hpp"
#include "metrics/hash_index.hpp"

namespace bytebasket::metrics {

/// Gives each text a number, counted up from 0 in order of first sight. Not thread-safe.
class Interner {
 public:
  std::uint32_t intern(std::string_view text) {
    // Facts come in runs: the lines of an event share all but the product with the event itself.
    if (last_ != HashIndex::npos && same_text(last_text_, text)) return last_;
    const std::uint64_t hash = hash_of_text(text);
    last_ = index_.find(hash, [&](std::uint32_t id) { return same_text(text_of(id), text); });
    if (last_ == HashIndex::npos) {
      last_ = static_cast<std::uint32_t>(entries_.size());
      entries_.push_back({texts_.size(), text.size()});
      texts_.append(text);
      index_.insert(hash, last_);
    }
    last_text_ = text_of(last_);
    return last_;
  }

  [[nodiscard]] std::string_view text_of(std::uint32_t id) const {
    return {texts_.data() + entries_[id].offset, entries_[id].size};
  }

  /// For each number the place of its text among all texts in order: comparing ranks compares
  /// texts.
  [[nodiscard]] std::vector<std::uint32_t> ranks() const {
    std::vector<std::uint32_t> order(entries_.size());
    for (std::uint32_t id = 0; id < order.size(); ++id) order[id] = id;
    std::sort(order.begin(), order.end(),
              [this](std::uint32_t a, std::uint32_t b) { return text_of(a) < text_of(b); });
    std::vector<std::uint32_t> ranks(order.size());
    for (std::uint32_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
    return ranks;
  }

  void clear() {
    entries_.clear();
    texts_.clear();
    index_.clear();
    last_ = HashIndex::npos;
  }

  [[nodiscard]] std::size_t memory() const {
    return entries_.capacity() * sizeof(Entry) + texts_.capacity() + index_.memory();
  }

 private:
  struct Entry {
    std::size_t offset;
    std::size_t size;
  };

  std::vector<Entry> entries_;
  std::string texts_;
  HashIndex index_;
  std::uint32_t last_ = HashIndex::npos;
  std::string_view last_text_;  ///< of `last_`: only a text that becomes the last moves the others
};

}  // namespace bytebasket::metrics
