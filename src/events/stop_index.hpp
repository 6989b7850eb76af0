// Where strings may end, found for a whole text at once: a pass over it in wide steps, before
// anybody walks through it byte by byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bytebasket::events {

/// One bit for each byte of a text: set for what ends the plain run of a string, a quote, a
/// backslash or a control character. Finding the end of a string is then a shift and a count, which
/// do not wait for the text to be loaded and compared.
class StopIndex {
 public:
  /// How many zero bytes must follow a text: they are stops too, so every search ends.
  static constexpr std::size_t padding = 64;

  /// Marks `text`, which is followed by `padding` zero bytes and stays where it is.
  void mark(std::string_view text);

  /// The first stop at or after `at`, which lies in the text or is its end.
  [[nodiscard]] const char* next(const char* at) const {
    const auto offset = static_cast<std::size_t>(at - text_);
    std::size_t block = offset / 64;
    std::uint64_t stops = blocks_[block] >> offset % 64;
    if (stops != 0) return at + __builtin_ctzll(stops);
    do stops = blocks_[++block];
    while (stops == 0);
    return text_ + block * 64 + __builtin_ctzll(stops);
  }

 private:
  const char* text_ = nullptr;
  std::vector<std::uint64_t> blocks_;
};

}  // namespace bytebasket::events
