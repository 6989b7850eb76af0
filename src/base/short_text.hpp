// Short texts compared and hashed without a call: what tables of values do most.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/hash_salt.hpp"

namespace bytebasket {

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

/// A hash for tables in memory; never stored, and another one in every process. Every byte and the
/// size count.
inline std::uint64_t hash_of_text(std::string_view text) {
  const auto word = [&]<typename Word>(std::size_t at, Word) {
    Word value;
    std::memcpy(&value, text.data() + at, sizeof(Word));
    return static_cast<std::uint64_t>(value);
  };
  __extension__ using Product = unsigned __int128;
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    const Product product = static_cast<Product>(a ^ hash_salt) * (b ^ second_hash_salt);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const std::size_t size = text.size();
  if (size >= 8) {
    std::uint64_t hash = size;
    for (std::size_t at = 0; at + 16 < size; at += 16)
      hash = mix(hash ^ word(at, std::uint64_t{}), word(at + 8, std::uint64_t{}));
    const std::size_t first = size > 16 ? size - 16 : 0;
    return mix(hash ^ word(first, std::uint64_t{}), word(size - 8, std::uint64_t{}));
  }
  if (size >= 4) return mix(size ^ word(0, std::uint32_t{}) << 8, word(size - 4, std::uint32_t{}));
  std::uint64_t bytes = size;
  for (const char c : text) bytes = bytes << 8 | static_cast<unsigned char>(c);
  return mix(bytes, 0);
}

/// The first eight bytes as a number: of two texts that differ in it, the smaller has the smaller.
inline std::uint64_t first_bytes(std::string_view text) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i)
    value = value << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return value;
}

}  // namespace bytebasket
