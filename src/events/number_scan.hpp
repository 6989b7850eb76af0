// Quick looks at a text for numbers that are long enough to matter. Both read up to 64 bytes beyond
// the text.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "events/wide_bytes.hpp"

namespace bytebasket::events {

/// The lowest `count` bits of `bits`.
inline std::uint64_t lowest_bits(std::uint64_t bits, std::size_t count) {
  return count >= 64 ? bits : bits & ((std::uint64_t{1} << count) - 1);
}

/// How many decimal digits stand in `text`.
inline std::size_t count_digits(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += WideBytes::size) {
    const std::uint64_t digits = WideBytes(text.data() + at).digits();
    count += static_cast<std::size_t>(std::popcount(lowest_bits(digits, text.size() - at)));
  }
  return count;
}

/// True where `Length` (1 to 32) digits, spaces and dashes follow each other in `text`, in any
/// mixture.
template <std::size_t Length>
bool has_number_run(std::string_view text) {
  // A run that reaches over the end of what is looked at begins in its last bytes.
  constexpr std::size_t step = WideBytes::size + 1 - Length;
  for (std::size_t at = 0; at + Length <= text.size(); at += step) {
    std::uint64_t runs = lowest_bits(WideBytes(text.data() + at).in_numbers(), text.size() - at);
    // Each step keeps the bits at which a run twice as long begins, the last those of `Length`.
    std::size_t known = 1;
    for (; known * 2 <= Length; known *= 2) runs &= runs >> known;
    runs &= runs >> (Length - known);
    if (runs != 0) return true;
  }
  return false;
}

}  // namespace bytebasket::events
