#include "events/stop_index.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace bytebasket::events {
namespace {

#if defined(__AVX2__)

constexpr std::size_t step = 32;

std::uint64_t stops_in_step(const char* at) {
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  const __m256i quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
  const __m256i backslashes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
  const __m256i controls = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1F)), bytes);
  const __m256i stops = _mm256_or_si256(_mm256_or_si256(quotes, backslashes), controls);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(stops));
}

#elif defined(__SSE2__)

constexpr std::size_t step = 16;

std::uint64_t stops_in_step(const char* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  const __m128i stops = _mm_or_si128(_mm_or_si128(quotes, backslashes), controls);
  return static_cast<std::uint32_t>(_mm_movemask_epi8(stops));
}

#else

constexpr std::size_t step = 1;

std::uint64_t stops_in_step(const char* at) {
  return *at == '"' || *at == '\\' || static_cast<unsigned char>(*at) < 0x20 ? 1 : 0;
}

#endif

}  // namespace

void StopIndex::mark(std::string_view text) {
  text_ = text.data();
  // The block that the text ends in, or the one after it, has a zero byte of the padding.
  blocks_.resize(text.size() / 64 + 1);
  const char* at = text_;
  for (std::uint64_t& block : blocks_) {
    block = 0;
    for (std::size_t i = 0; i < 64; i += step) block |= stops_in_step(at + i) << i;
    at += 64;
  }
}

}  // namespace bytebasket::events
