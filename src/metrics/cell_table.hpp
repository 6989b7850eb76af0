// The cells of one group: aggregates in the making, by window and dimension values.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "metrics/compiled_plan.hpp"
#include "metrics/hash_index.hpp"

namespace bytebasket::metrics {

/// The front of a cell: when, in which grains, and for which values. A fact counts in all grains it
/// is eligible for, so its cell stands for the finest of them and is rolled up into the rest when
/// drained.
struct CellKey {
  std::int64_t window = 0;  ///< counted in windows of the finest grain
  GrainSet grains;
  std::array<std::uint32_t, 4> values{};  ///< interned, in the group's order of dimensions
};

/// Cells of equal size in one array, found through a hash index. Not thread-safe.
class CellTable {
 public:
  explicit CellTable(const CellGroup& group)
      : group_(&group), key_words_(group.key_words), cell_words_(group.cell_words) {}

  /// A key as it stands in a cell, and its hash.
  struct Place {
    std::array<std::uint64_t, 3> words;
    std::uint64_t hash;
  };
  [[nodiscard]] Place place_of(const CellKey& key) const {
    const std::array<std::uint64_t, 3> words = pack(key);
    return {words, hash_of(words)};
  }

  // Finding a cell means waiting for memory. Whoever has several to find says so first, in two
  // steps: the place in the index, then the cell.
  void prefetch_place(const Place& place) const { index_.prefetch(place.hash); }
  void prefetch_cell(const Place& place) const {
    const std::uint32_t cell = index_.first_alike(place.hash);
    if (cell == HashIndex::npos) return;
    const auto* const bytes = reinterpret_cast<const char*>(this->cell(cell));
    const std::size_t size = cell_words_ * sizeof(std::uint64_t);
    for (std::size_t line = 0; line < size; line += 64) __builtin_prefetch(bytes + line, 1);
  }

  /// The cell's words; made, all zero, where it is new. Valid until the next call.
  std::uint64_t* find_or_add(const Place& place) {
    const std::array<std::uint64_t, 3>& words = place.words;
    std::uint32_t found = index_.find(place.hash, [&](std::uint32_t cell) {
      const std::uint64_t* front = &words_[std::size_t{cell} * cell_words_];
      return front[0] == words[0] && (key_words_ < 2 || front[1] == words[1]) &&
             (key_words_ < 3 || front[2] == words[2]);
    });
    if (found == HashIndex::npos) {
      found = size_++;
      words_.resize(words_.size() + cell_words_, 0);
      std::memcpy(at(found), words.data(), key_words_ * sizeof(std::uint64_t));
      index_.insert(place.hash, found);
    }
    return at(found);
  }

  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] const std::uint64_t* cell(std::uint32_t number) const {
    return &words_[std::size_t{number} * cell_words_];
  }
  [[nodiscard]] CellKey key_of(std::uint32_t number) const {
    const std::uint64_t* words = cell(number);
    CellKey key;
    key.window = static_cast<std::int64_t>(words[0]) >> 3;
    key.grains = GrainSet::from_bits(static_cast<std::uint8_t>(words[0] & 0b111));
    std::memcpy(key.values.data(), words + 1, (key_words_ - 1) * sizeof(std::uint64_t));
    return key;
  }
  [[nodiscard]] const CellGroup& group() const { return *group_; }

  void clear() {
    index_.clear();
    words_.clear();
    size_ = 0;
  }

  [[nodiscard]] std::size_t memory() const {
    return index_.memory() + words_.capacity() * sizeof(std::uint64_t);
  }

 private:
  static std::array<std::uint64_t, 3> pack(const CellKey& key) {
    std::array<std::uint64_t, 3> words{
        static_cast<std::uint64_t>(key.window) << 3 | key.grains.bits(), 0, 0};
    std::memcpy(&words[1], key.values.data(), sizeof(key.values));
    return words;
  }

  [[nodiscard]] std::uint64_t hash_of(const std::array<std::uint64_t, 3>& words) const {
    std::uint64_t hash = 0;
    for (std::uint32_t i = 0; i < key_words_; ++i) {
      hash = (hash ^ words[i]) * 0x9E37'79B9'7F4A'7C15;
      hash ^= hash >> 32;
    }
    return hash;
  }

  std::uint64_t* at(std::uint32_t number) { return &words_[std::size_t{number} * cell_words_]; }

  const CellGroup* group_;
  std::uint32_t key_words_;
  std::uint32_t cell_words_;
  HashIndex index_;
  std::vector<std::uint64_t> words_;
  std::uint32_t size_ = 0;
};

}  // namespace bytebasket::metrics
