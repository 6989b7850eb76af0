// Equality of short texts without a call: what the accumulator does most.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace bytebasket::metrics {

inline bool same_text(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  const auto differ = [&]<typename Word>(std::size_t at, Word) {
    Word left;
    Word right;
    std::memcpy(&left, a.data() + at, sizeof(Word));
    std::memcpy(&right, b.data() + at, sizeof(Word));
    return left != right;
  };
  if (size >= 8) {
    // Ends first: names that are counted up differ there. The two words may overlap.
    if (differ(size - 8, std::uint64_t{}) || differ(0, std::uint64_t{})) return false;
    return size <= 16 || std::memcmp(a.data() + 8, b.data() + 8, size - 16) == 0;
  }
  if (size >= 4) return !differ(size - 4, std::uint32_t{}) && !differ(0, std::uint32_t{});
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace bytebasket::metrics
