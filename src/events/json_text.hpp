// JSON strings: where they end, and their escapes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace bytebasket::events {

/// The first byte at or after `at` that ends the plain run of a string: a quote, a backslash or a
/// control character. Reads up to 16 bytes past it; the caller sees to it that such a byte (or 64
/// bytes of padding after `end`) follows. Returns `end` or a little beyond where there is none
/// before it.
inline const char* plain_run_end(const char* at, const char* end) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i control = _mm_set1_epi8(0x1F);
  for (; at < end; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i stops =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                     _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stops));
    if (mask != 0) return at + __builtin_ctz(mask);
  }
  return at;
#else
  while (at < end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) > 0x1F) ++at;
  return at;
#endif
}

/// The length of the escape at the front of `text` (which starts with a backslash); 0 where it is
/// none.
std::size_t escape_length(std::string_view text);

/// Appends what `raw`, the inside of a JSON string with correct escapes, stands for, as UTF-8. Half
/// a surrogate pair, as JavaScript cuts them, becomes U+FFFD.
void append_unescaped(std::string& out, std::string_view raw);

/// Writes `c`, as it stands in a JSON string, to `at`, which has room for six bytes; returns the
/// place behind it.
char* write_escaped(char* at, char c);

}  // namespace bytebasket::events
