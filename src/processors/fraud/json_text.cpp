#include "processors/fraud/json_text.hpp"

#include <charconv>

#include "base/hex.hpp"

namespace bytebasket::processors::fraud {
namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    default:
      out += "\\u00";
      append_hex(out, static_cast<unsigned char>(c));
  }
}

}  // namespace

void JsonText::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

JsonText& JsonText::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
  return *this;
}

JsonText& JsonText::close(char bracket) {
  out_ += bracket;
  first_ = false;
  return *this;
}

JsonText& JsonText::key(std::string_view name) {
  text(name);
  out_ += ':';
  first_ = true;
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  separate();
  out_ += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out_.append(value.substr(plain, i - plain));
    append_escaped(out_, c);
    plain = i + 1;
  }
  out_.append(value.substr(plain));
  out_ += '"';
  return *this;
}

JsonText& JsonText::integer(std::int64_t value) {
  separate();
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out_.append(digits, end);
  return *this;
}

JsonText& JsonText::boolean(bool value) { return raw(value ? "true" : "false"); }

JsonText& JsonText::null() { return raw("null"); }

JsonText& JsonText::money(events::Micros value) { return text(events::format_money(value)); }

JsonText& JsonText::time(Timestamp value) {
  separate();
  out_ += '"';
  append_timestamp_ms(out_, value);
  out_ += '"';
  return *this;
}

JsonText& JsonText::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

JsonText& JsonText::member(std::string_view name, std::string_view value) {
  if (!value.empty()) key(name).text(value);
  return *this;
}

}  // namespace bytebasket::processors::fraud
