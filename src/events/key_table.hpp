// A look-up of known names, made at compile time.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace bytebasket::events {

/// A perfect hash of names by their sizes and their first eight bytes: one multiplication finds the
/// only place where a name can stand, one wide comparison confirms it, and nothing depends on a
/// branch.
template <std::size_t Count>
class KeyTable {
 public:
  /// How many readable bytes must follow a name that is looked up.
  static constexpr std::size_t reach = 32;

  /// `names` are different from each other, and begin with the empty one, which is never found.
  consteval explicit KeyTable(const std::array<std::string_view, Count>& names) {
    static_assert(Count < 256);
    for (std::size_t i = 1; i < Count; ++i) {
      if (names[i].empty() || names[i].size() > reach) throw "a name of that size cannot be kept";
      for (std::size_t k = 0; k < names[i].size(); ++k) names_[i].text[k] = names[i][k];
      names_[i].size = names[i].size();
    }
    while (!fill_slots(names)) multiplier_ += 2;
  }

  /// Which of the names `name` is, 0 for none of them. It is followed by `reach` readable bytes.
  [[nodiscard]] std::uint8_t find(std::string_view name) const {
    const std::uint8_t candidate = slots_[slot_of(name)];
    return is(names_[candidate], name) ? candidate : 0;
  }

 private:
  static constexpr unsigned slot_bits = 9;
  struct Name {
    std::array<char, reach> text{};
    std::size_t size = 0;
  };

  /// False where two names want the same slot.
  consteval bool fill_slots(const std::array<std::string_view, Count>& names) {
    slots_ = {};
    for (std::size_t i = 1; i < Count; ++i) {
      std::uint8_t& slot = slots_[slot_of(names[i])];
      if (slot != 0) return false;
      slot = static_cast<std::uint8_t>(i);
    }
    return true;
  }

  /// The first eight bytes, with zeros behind a shorter name.
  static constexpr std::uint64_t first_word(std::string_view name) {
    std::uint64_t word = 0;
    if (std::is_constant_evaluated()) {
      for (std::size_t i = 0; i < name.size() && i < 8; ++i)
        word |= std::uint64_t{static_cast<unsigned char>(name[i])} << 8 * i;
      return word;
    }
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(&word, name.data(), 8);
    return name.size() >= 8 ? word : word & ((std::uint64_t{1} << 8 * name.size()) - 1);
  }

  [[nodiscard]] constexpr std::size_t slot_of(std::string_view name) const {
    return static_cast<std::size_t>((first_word(name) + name.size()) * multiplier_ >>
                                    (64 - slot_bits));
  }

  static bool is(const Name& known, std::string_view name) {
#if defined(__AVX2__)
    const __m256i wanted = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(known.text.data()));
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(name.data()));
    const auto equal =
        static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(wanted, bytes)));
    const std::uint64_t beyond = ~std::uint64_t{0} << known.size;
    return (known.size == name.size()) & (static_cast<std::uint32_t>(equal | beyond) == ~0U);
#else
    return known.size == name.size() &&
           std::memcmp(known.text.data(), name.data(), name.size()) == 0;
#endif
  }

  std::uint64_t multiplier_ = 0x9E37'79B9'7F4A'7C15;
  std::array<std::uint8_t, std::size_t{1} << slot_bits> slots_{};
  std::array<Name, Count> names_{};
};

}  // namespace bytebasket::events
