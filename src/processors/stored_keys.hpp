// Which rows may stand in the store: what was never put there need not be read.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "metrics/int128.hpp"

namespace bytebasket::processors {

/// A Bloom filter of key hashes, in blocks of one cache line. It can say no only when the store was
/// empty at first and every row that went into it since has been added; until begin_empty() it says
/// that every row may be there. It keeps its size: once it is full it only says no more and more
/// seldom. Not thread-safe.
class StoredKeys {
 public:
  /// The store holds nothing yet. `bytes` is what the filter may take.
  void begin_empty(std::size_t bytes) {
    blocks_.assign(std::max<std::size_t>(bytes / sizeof(Block), 1), Block{});
  }

  void add(std::uint64_t hash) {
    if (blocks_.empty()) return;
    any_ = true;
    Block& block = blocks_[place_of(hash)];
    for_each_bit(hash, [&](std::size_t word, std::uint64_t bit) { block[word] |= bit; });
  }

  [[nodiscard]] bool may_hold(std::uint64_t hash) const {
    if (blocks_.empty()) return true;
    if (!any_) return false;
    const Block& block = blocks_[place_of(hash)];
    bool all = true;
    for_each_bit(hash,
                 [&](std::size_t word, std::uint64_t bit) { all &= (block[word] & bit) != 0; });
    return all;
  }

  [[nodiscard]] std::size_t memory() const { return blocks_.size() * sizeof(Block); }

 private:
  using Block = std::array<std::uint64_t, 8>;

  [[nodiscard]] std::size_t place_of(std::uint64_t hash) const {
    // The bits below come from the hash itself, so the block must come from another mix of it.
    const std::uint64_t mixed = hash * 0x9E37'79B9'7F4A'7C15;
    return static_cast<std::size_t>((static_cast<metrics::UInt128>(mixed) * blocks_.size()) >> 64);
  }

  template <typename Use>
  static void for_each_bit(std::uint64_t hash, Use use) {
    constexpr int bits = 6;
    for (int i = 0; i < bits; ++i, hash >>= 9) {
      use((hash >> 6) & 7, std::uint64_t{1} << (hash & 63));
    }
  }

  std::vector<Block> blocks_;
  bool any_ = false;  ///< something was added: before, there is nothing to wait for memory for
};

}  // namespace bytebasket::processors
