#include "events/json_text.hpp"

#include <algorithm>

namespace bytebasket::events {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The code unit of `\uXXXX` at the front of `text`; -1 where there is none.
std::int32_t code_unit(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return -1;
  std::int32_t unit = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80 | ((point >> shift) & 0x3F));
  };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Appends the character of the `\u` escape at the front of `raw`; returns how many bytes it took.
std::size_t append_unicode_escape(std::string& out, std::string_view raw) {
  const std::int32_t first = code_unit(raw);
  const std::uint32_t unit = first < 0 ? replacement : static_cast<std::uint32_t>(first);
  const bool high = unit >= 0xD800 && unit < 0xDC00;
  const bool low = unit >= 0xDC00 && unit < 0xE000;
  if (high) {
    const std::int32_t next = code_unit(raw.substr(6));
    if (next >= 0xDC00 && next < 0xE000) {
      append_utf8(out,
                  0x10000 + ((unit - 0xD800) << 10) + (static_cast<std::uint32_t>(next) - 0xDC00));
      return 12;
    }
  }
  append_utf8(out, high || low ? replacement : unit);
  return 6;
}

char simple_escape(char letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return letter;
  }
}

}  // namespace

std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return 0;
  if (text[1] == 'u') return code_unit(text) < 0 ? 0 : 6;
  return std::string_view("\"\\/bfnrt").find(text[1]) == std::string_view::npos ? 0 : 2;
}

void append_unescaped(std::string& out, std::string_view raw) {
  while (!raw.empty()) {
    const std::size_t plain = raw.find('\\');
    out += raw.substr(0, plain);
    if (plain == std::string_view::npos) return;
    raw.remove_prefix(plain);
    std::size_t taken = 2;
    if (raw.size() >= 6 && raw[1] == 'u') {
      taken = append_unicode_escape(out, raw);
    } else {
      out += simple_escape(raw.size() > 1 ? raw[1] : '\\');
    }
    raw.remove_prefix(std::min(taken, raw.size()));
  }
}

char* write_escaped(char* at, char c) {
  if (static_cast<unsigned char>(c) > 0x1F && c != '"' && c != '\\') {
    *at = c;
    return at + 1;
  }
  static constexpr std::string_view short_form = "\b\f\n\r\t\"\\";
  static constexpr std::string_view letters = "bfnrt\"\\";
  *at++ = '\\';
  if (const std::size_t known = short_form.find(c); known != std::string_view::npos) {
    *at = letters[known];
    return at + 1;
  }
  static constexpr std::string_view hex = "0123456789abcdef";
  at = std::copy_n("u00", 3, at);
  *at++ = hex[static_cast<unsigned char>(c) >> 4];
  *at++ = hex[static_cast<unsigned char>(c) & 0xF];
  return at;
}

}  // namespace bytebasket::events
