#include "events/text_writer.hpp"

#include <algorithm>
#include <charconv>

#include "events/json_text.hpp"
#include "events/plain_copy.hpp"

namespace bytebasket::events {

namespace {
constexpr std::size_t least = 512;  ///< bytes to grow by
}  // namespace

void TextWriter::grow(std::size_t most) {
  const std::string_view old = text();
  const std::size_t size = std::max(old.size() * 2, old.size() + std::max(most, least));
  auto bytes = std::make_unique_for_overwrite<char[]>(size);
  if (!old.empty()) std::memcpy(bytes.get(), old.data(), old.size());
  at_ = bytes.get() + old.size();
  end_ = bytes.get() + size;
  begin_ = std::move(bytes);
}

void TextWriter::put_quoted(std::string_view text) {
  char* const begin = room(text.size() + 2) + 1;
  begin[-1] = '"';
  if (copy_plain(begin, text)) {
    begin[text.size()] = '"';
    at_ = begin + text.size() + 1;
    return;
  }
  at_ = begin;
  put_escaped(text);
  put('"');
}

void TextWriter::put_escaped(std::string_view text) {
  for (const char c : text) {
    constexpr std::size_t longest_escape = 6;
    written_to(write_escaped(room(longest_escape), c));
  }
}

void TextWriter::put_number(std::int64_t number) {
  constexpr std::size_t longest = 20;
  char* const at = room(longest);
  written_to(std::to_chars(at, at + longest, number).ptr);
}

}  // namespace bytebasket::events
