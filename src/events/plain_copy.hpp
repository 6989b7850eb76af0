// Copying text into JSON where it needs no escapes, and noticing where it does, in one pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace bytebasket::events {

/// Eight bytes at once, looked at for a quote, a backslash or a control character.
class PlainWord {
 public:
  explicit PlainWord(std::uint64_t bytes) : bytes_(bytes) {}
  [[nodiscard]] bool is_plain() const {
    const std::uint64_t found =
        below_space() | zeros(bytes_ ^ each * '"') | zeros(bytes_ ^ each * '\\');
    return (found & high_bits) == 0;
  }

 private:
  static constexpr std::uint64_t each = 0x0101'0101'0101'0101;
  static constexpr std::uint64_t high_bits = each << 7;
  [[nodiscard]] std::uint64_t below_space() const { return (bytes_ - each * ' ') & ~bytes_; }
  static std::uint64_t zeros(std::uint64_t bytes) { return (bytes - each) & ~bytes; }

  std::uint64_t bytes_;
};

/// As copy_plain(), of a text of one to two words: its first and its last bytes, which may overlap.
template <typename Word>
bool copy_plain_ends(char* to, std::string_view text) {
  static constexpr std::size_t size = sizeof(Word);
  Word first = 0;
  Word last = 0;
  const char* const from = text.data();
  std::memcpy(&first, from, size);
  std::memcpy(&last, from + text.size() - size, size);
  std::memcpy(to, &first, size);
  std::memcpy(to + text.size() - size, &last, size);
  if constexpr (size == 8) return PlainWord(first).is_plain() && PlainWord(last).is_plain();
  // Both in one word, with letters in the rest of it.
  constexpr unsigned bits = 8 * size;
  constexpr std::uint64_t letters = 0x6161'6161'6161'6161;
  const std::uint64_t both = std::uint64_t{last} << bits % 64 | first;
  return PlainWord(size == 4 ? both : letters << 2 * bits % 64 | both).is_plain();
}

/// Copies `text` to `to`. False where something of it must be escaped: then what was copied is of
/// no use. Reads and writes no byte beyond either.
inline bool copy_plain(char* to, std::string_view text) {
  const std::size_t size = text.size();
#if defined(__SSE2__)
  if (size >= 16) {
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1F);
    __m128i found = _mm_setzero_si128();
    const auto copy = [&](std::size_t at) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), bytes);
      const __m128i escaped =
          _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
      const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes);
      found = _mm_or_si128(found, _mm_or_si128(escaped, controls));
    };
    for (std::size_t at = 0; at + 16 < size; at += 16) copy(at);
    copy(size - 16);
    return _mm_movemask_epi8(found) == 0;
  }
#else
  if (size >= 16) {
    for (std::size_t at = 0; at + 8 <= size; at += 8) {
      if (!copy_plain_ends<std::uint64_t>(to + at, text.substr(at, 8))) return false;
    }
    return copy_plain_ends<std::uint64_t>(to + size - 8, text.substr(size - 8));
  }
#endif
  if (size >= 8) return copy_plain_ends<std::uint64_t>(to, text);
  if (size >= 4) return copy_plain_ends<std::uint32_t>(to, text);
  if (size >= 2) return copy_plain_ends<std::uint16_t>(to, text);
  return size == 0 || copy_plain_ends<std::uint8_t>(to, text);
}

}  // namespace bytebasket::events
