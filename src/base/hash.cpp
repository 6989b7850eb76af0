#include "base/hash.hpp"

// Compiled in, it uses the processor that this program is made for, and short texts cost no call.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace bytebasket {

std::uint64_t hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string to_hex(std::uint64_t hash) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (int i = 15; i >= 0; --i) {
    text[static_cast<std::size_t>(i)] = digits[hash & 0xF];
    hash >>= 4;
  }
  return text;
}

}  // namespace bytebasket
