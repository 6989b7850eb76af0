#include "base/printable.hpp"

#include "base/hex.hpp"

namespace bytebasket {
namespace {

void append_spelt(std::string& out, unsigned char c) {
  if (c == '\n') {
    out += "\\n";
  } else {
    out += "\\x";
    append_hex(out, c);
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
      append_spelt(out, next);  // a control character of two bytes, such as U+009B
      ++i;
    } else if (byte < 0x20 || byte == 0x7F) {
      append_spelt(out, byte);
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace bytebasket
