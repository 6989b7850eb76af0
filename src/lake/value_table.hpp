// Values numbered in the order in which they first come: what a dictionary page is made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/short_text.hpp"

namespace bytebasket::lake {

inline std::uint64_t table_hash(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value) * 0x9E37'79B9'7F4A'7C15U;
  return bits ^ bits >> 32;
}

inline std::uint64_t table_hash(std::string_view text) { return hash_of_text(text); }

inline bool same_value(std::int64_t a, std::int64_t b) { return a == b; }
inline bool same_value(std::string_view a, std::string_view b) { return same_text(a, b); }

/// Texts are kept as views: what they look at must live until clear(). Not thread-safe.
template <typename Value>
class ValueTable {
 public:
  std::uint32_t number_of(const Value& value) {
    return number_of(value, [](const Value& same) { return same; });
  }
  /// `keep(value)` gives a new one as it is to be kept.
  template <typename Keep>
  std::uint32_t number_of(const Value& value, Keep keep) {
    if (values_.size() * 2 >= slots_.size()) grow();
    const auto hash = static_cast<std::uint32_t>(table_hash(value));
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].next != 0; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[at];
      if (slot.hash == hash && same_value(values_[slot.next - 1], value)) return slot.next - 1;
    }
    values_.push_back(keep(value));
    slots_[at] = {hash, static_cast<std::uint32_t>(values_.size())};
    return slots_[at].next - 1;
  }

  /// The same for values that mostly come several times in a row.
  std::uint32_t number_in_run(const Value& value) {
    if (last_ >= values_.size() || !same_value(values_[last_], value)) last_ = number_of(value);
    return last_;
  }

  /// Each by its number.
  [[nodiscard]] std::span<const Value> values() const { return values_; }

  void clear() {
    if (values_.empty()) return;
    values_.clear();
    if (slots_.size() > most_kept) slots_.clear();
    slots_.assign(slots_.size(), {});
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t next = 0;  ///< one more than the number; 0 where the slot is free
  };
  static constexpr std::size_t least = 64;
  static constexpr std::size_t most_kept = 262'144;  ///< what a row group of visitors takes

  void grow() {
    std::vector<Slot> slots(slots_.empty() ? least : slots_.size() * 4);
    for (const Slot& slot : slots_) {
      if (slot.next == 0) continue;
      std::size_t at = slot.hash & (slots.size() - 1);
      while (slots[at].next != 0) at = (at + 1) & (slots.size() - 1);
      slots[at] = slot;
    }
    slots_ = std::move(slots);
  }

  std::vector<Slot> slots_;  ///< a power of two, at most half of them taken
  std::vector<Value> values_;
  std::uint32_t last_ = 0;  ///< that number_in_run() gave
};

using TextTable = ValueTable<std::string_view>;
using NumberTable = ValueTable<std::int64_t>;

}  // namespace bytebasket::lake
