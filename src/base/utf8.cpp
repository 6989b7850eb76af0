#include "base/utf8.hpp"

#include <cstddef>

namespace bytebasket {
namespace {

/// How many bytes follow the first of a character, by the first; -1 for none that can be first.
int following_bytes(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first < 0xE0) return 1;
  if (first >= 0xE0 && first < 0xF0) return 2;
  if (first >= 0xF0 && first < 0xF5) return 3;
  return -1;
}

/// What the second byte may be: shorter forms, surrogates and what is beyond Unicode are left out.
bool can_be_second(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xE0:
      return second >= 0xA0 && second < 0xC0;
    case 0xED:
      return second >= 0x80 && second < 0xA0;
    case 0xF0:
      return second >= 0x90 && second < 0xC0;
    case 0xF4:
      return second >= 0x80 && second < 0x90;
    default:
      return second >= 0x80 && second < 0xC0;
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  for (std::size_t at = 0; at < text.size();) {
    const int following = following_bytes(byte(at));
    if (following == 0) {
      ++at;
      continue;
    }
    if (following < 0 || at + static_cast<std::size_t>(following) >= text.size()) return false;
    if (!can_be_second(byte(at), byte(at + 1))) return false;
    for (int i = 2; i <= following; ++i) {
      if (byte(at + static_cast<std::size_t>(i)) >> 6 != 2) return false;
    }
    at += static_cast<std::size_t>(following) + 1;
  }
  return true;
}

}  // namespace bytebasket
