// A look-up of known JSON keys, made at compile time.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

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
      if (slots_[slot].name == name) return slots_[slot].key;
    }
    return Key{};
  }

 private:
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
