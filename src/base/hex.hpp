// Bytes as people write them.
#pragma once

#include <string>
#include <string_view>

namespace bytebasket {

/// Two lower-case hexadecimal digits.
inline void append_hex(std::string& out, unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += digits[byte >> 4];
  out += digits[byte & 0xF];
}

/// Two for each byte.
inline void append_hex(std::string& out, std::string_view bytes) {
  for (const char c : bytes) append_hex(out, static_cast<unsigned char>(c));
}

}  // namespace bytebasket
