// A look-up of known JSON keys, made at compile time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace bytebasket::events {

template <typename Key>
struct NamedKey {
  std::string_view name;
  Key key;
};

/// Maps names to keys by an open-addressed table of `Slots` (a power of two, at least twice the
/// number of names). Anything else is `Key{}`, the enumerator for "other".
template <typename Key, std::size_t Slots>
class KeyTable {
 public:
  template <std::size_t N>
  consteval explicit KeyTable(const std::array<NamedKey<Key>, N>& names) {
    static_assert(N * 2 <= Slots && (Slots & (Slots - 1)) == 0);
    for (const NamedKey<Key>& entry : names) {
      std::size_t slot = slot_of(entry.name);
      while (!slots_[slot].name.empty()) slot = (slot + 1) % Slots;
      slots_[slot] = entry;
    }
  }

  [[nodiscard]] constexpr Key find(std::string_view name) const {
    if (name.empty()) return Key{};
    for (std::size_t slot = slot_of(name); !slots_[slot].name.empty(); slot = (slot + 1) % Slots) {
      if (equal(slots_[slot].name, name)) return slots_[slot].key;
    }
    return Key{};
  }

 private:
  /// Most keys are short: two overlapping words compare them faster than a call does.
  static constexpr bool equal(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    if (std::is_constant_evaluated() || a.size() > 16) return a == b;
    if (a.size() >= 8) {
      return word<std::uint64_t>(a, 0) == word<std::uint64_t>(b, 0) &&
             word<std::uint64_t>(a, a.size() - 8) == word<std::uint64_t>(b, b.size() - 8);
    }
    if (a.size() >= 4) {
      return word<std::uint32_t>(a, 0) == word<std::uint32_t>(b, 0) &&
             word<std::uint32_t>(a, a.size() - 4) == word<std::uint32_t>(b, b.size() - 4);
    }
    return a.front() == b.front() && a.back() == b.back() && a[a.size() / 2] == b[b.size() / 2];
  }

  template <typename Word>
  static Word word(std::string_view text, std::size_t at) {
    Word value;
    std::memcpy(&value, text.data() + at, sizeof(value));
    return value;
  }

  static constexpr std::size_t slot_of(std::string_view name) {
    const auto letter = [&](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(name[i]));
    };
    return (name.size() * 37 + letter(0) * 11 + letter(name.size() / 2) * 5 +
            letter(name.size() - 1) * 23) %
           Slots;
  }

  std::array<NamedKey<Key>, Slots> slots_{};
};

}  // namespace bytebasket::events
