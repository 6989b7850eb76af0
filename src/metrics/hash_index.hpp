// A hash table of numbers: finds the place of an element in somebody's array by the element's hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash_salt.hpp"

namespace bytebasket::metrics {

/// Open addressing with linear probing, at most half full, 8 bytes a slot. Elements are told apart
/// by the caller's `same`; the index only holds where they stand. Iteration does not exist, so its
/// order can reach no result. Not thread-safe.
class HashIndex {
 public:
  static constexpr std::uint32_t npos = UINT32_MAX;

  /// The place for which `same(place)` holds among those inserted with this hash; npos where there
  /// is none.
  template <typename Same>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, Same same) const {
    if (slots_.empty()) return npos;
    const auto tag = tag_of(hash);
    for (std::size_t at = tag & mask_; slots_[at].place != npos; at = (at + 1) & mask_) {
      if (slots_[at].tag == tag && same(slots_[at].place)) return slots_[at].place;
    }
    return npos;
  }

  /// Fetches what find() will look at first.
  void prefetch(std::uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[tag_of(hash) & mask_]);
  }
  /// The first place that find() would ask `same` about; npos where there is none.
  [[nodiscard]] std::uint32_t first_alike(std::uint64_t hash) const {
    return find(hash, [](std::uint32_t) { return true; });
  }

  void insert(std::uint64_t hash, std::uint32_t place) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    put({tag_of(hash), place});
    ++size_;
  }

  /// Removes a place that was inserted with this hash.
  void erase(std::uint64_t hash, std::uint32_t place) {
    std::size_t hole = tag_of(hash) & mask_;
    while (slots_[hole].place != place) hole = (hole + 1) & mask_;
    --size_;
    // Whatever follows without a gap and may not stand before the hole's end moves up into it.
    for (std::size_t at = (hole + 1) & mask_; slots_[at].place != npos; at = (at + 1) & mask_) {
      const std::size_t home = slots_[at].tag & mask_;
      if (((at - home) & mask_) < ((at - hole) & mask_)) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = {};
  }

  void clear() {
    slots_.assign(slots_.size(), {});
    size_ = 0;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t memory() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t place = npos;
  };

  static std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>((hash * (hash_salt | 1)) >> 32);
  }

  void put(Slot slot) {
    std::size_t at = slot.tag & mask_;
    while (slots_[at].place != npos) at = (at + 1) & mask_;
    slots_[at] = slot;
  }

  void grow() {
    std::vector<Slot> before(slots_.empty() ? 64 : 2 * slots_.size());
    before.swap(slots_);
    mask_ = slots_.size() - 1;
    for (const Slot slot : before) {
      if (slot.place != npos) put(slot);
    }
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace bytebasket::metrics
