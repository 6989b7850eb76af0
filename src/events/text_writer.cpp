#include "events/text_writer.hpp"

#include <algorithm>
#include <charconv>

#include "events/json_text.hpp"

namespace bytebasket::events {

void TextWriter::grow(std::size_t most) {
  constexpr std::size_t least = 4 << 10;
  const std::string_view old = text();
  const std::size_t size = std::max({least, old.size() * 2, old.size() + most});
  auto bytes = std::make_unique_for_overwrite<char[]>(size);
  if (!old.empty()) std::memcpy(bytes.get(), old.data(), old.size());
  at_ = bytes.get() + old.size();
  end_ = bytes.get() + size;
  begin_ = std::move(bytes);
}

void TextWriter::put_quoted(std::string_view text) {
  // It is copied first and looked through there, where wide loads may reach beyond its end.
  char* const begin = room(text.size() + 2 + plain_run_reach) + 1;
  char* const end = begin + text.size();
  begin[-1] = '"';
  std::memcpy(begin, text.data(), text.size());
  const char* const stop = plain_run_end(begin, end);
  if (stop < end) {
    const auto plain = static_cast<std::size_t>(stop - begin);
    at_ = begin + plain;
    put_escaped(text.substr(plain));
    put('"');
    return;
  }
  *end = '"';
  at_ = end + 1;
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
