// Sixty-four bytes at once, and what is asked of each of them: one bit for each, the first byte's
// the lowest.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace bytebasket::events {

#if defined(__AVX2__)

/// As many bytes as one instruction takes.
struct ByteLane {
  static constexpr std::size_t size = 32;
  __m256i bytes;

  static ByteLane load(const char* at) {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at))};
  }
  [[nodiscard]] ByteLane is(char c) const {
    return {_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c))};
  }
  [[nodiscard]] ByteLane at_most(char most) const {
    return {_mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(most)), bytes)};
  }
  [[nodiscard]] ByteLane less(char c) const {
    return {_mm256_sub_epi8(bytes, _mm256_set1_epi8(c))};
  }
  friend ByteLane operator|(ByteLane a, ByteLane b) { return {_mm256_or_si256(a.bytes, b.bytes)}; }
  /// The highest bit of each byte.
  [[nodiscard]] std::uint64_t bits() const {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
  }
};

#elif defined(__SSE2__)

/// As many bytes as one instruction takes.
struct ByteLane {
  static constexpr std::size_t size = 16;
  __m128i bytes;

  static ByteLane load(const char* at) {
    return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))};
  }
  [[nodiscard]] ByteLane is(char c) const { return {_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))}; }
  [[nodiscard]] ByteLane at_most(char most) const {
    return {_mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(most)), bytes)};
  }
  [[nodiscard]] ByteLane less(char c) const { return {_mm_sub_epi8(bytes, _mm_set1_epi8(c))}; }
  friend ByteLane operator|(ByteLane a, ByteLane b) { return {_mm_or_si128(a.bytes, b.bytes)}; }
  /// The highest bit of each byte.
  [[nodiscard]] std::uint64_t bits() const {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
  }
};

#else

/// One byte.
struct ByteLane {
  static constexpr std::size_t size = 1;
  std::uint8_t byte;

  static ByteLane load(const char* at) { return {static_cast<std::uint8_t>(*at)}; }
  static ByteLane truth(bool is) { return {static_cast<std::uint8_t>(is ? 0xFF : 0)}; }
  [[nodiscard]] ByteLane is(char c) const { return truth(byte == static_cast<std::uint8_t>(c)); }
  [[nodiscard]] ByteLane at_most(char most) const {
    return truth(byte <= static_cast<std::uint8_t>(most));
  }
  [[nodiscard]] ByteLane less(char c) const {
    return {static_cast<std::uint8_t>(byte - static_cast<std::uint8_t>(c))};
  }
  friend ByteLane operator|(ByteLane a, ByteLane b) {
    return {static_cast<std::uint8_t>(a.byte | b.byte)};
  }
  /// The highest bit of each byte.
  [[nodiscard]] std::uint64_t bits() const { return byte >> 7; }
};

#endif

/// The bytes from a place on.
class WideBytes {
 public:
  static constexpr std::size_t size = 64;

  explicit WideBytes(const char* at) {
    for (std::size_t i = 0; i < lanes_.size(); ++i)
      lanes_[i] = ByteLane::load(at + i * ByteLane::size);
  }

  /// Quotes, backslashes and control characters.
  [[nodiscard]] std::uint64_t stops() const {
    return bits([](ByteLane lane) { return lane.is('"') | lane.is('\\') | lane.at_most(0x1F); });
  }
  [[nodiscard]] std::uint64_t are(char c) const {
    return bits([c](ByteLane lane) { return lane.is(c); });
  }
  [[nodiscard]] std::uint64_t are(char one, char other) const {
    return bits([=](ByteLane lane) { return lane.is(one) | lane.is(other); });
  }
  /// Backslashes and control characters.
  [[nodiscard]] std::uint64_t escapes_or_controls() const {
    return bits([](ByteLane lane) { return lane.is('\\') | lane.at_most(0x1F); });
  }
  [[nodiscard]] std::uint64_t digits() const {
    return bits([](ByteLane lane) { return lane.less('0').at_most(9); });
  }
  /// Digits, and what may part their groups: spaces and dashes.
  [[nodiscard]] std::uint64_t in_numbers() const {
    return bits(
        [](ByteLane lane) { return lane.less('0').at_most(9) | lane.is(' ') | lane.is('-'); });
  }
  /// True where a byte is not ASCII.
  [[nodiscard]] bool any_high() const {
    ByteLane all = lanes_[0];
    for (const ByteLane lane : lanes_) all = all | lane;
    return all.bits() != 0;
  }

 private:
  template <typename Ask>
  [[nodiscard]] std::uint64_t bits(Ask ask) const {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < lanes_.size(); ++i)
      all |= ask(lanes_[i]).bits() << i * ByteLane::size;
    return all;
  }

  std::array<ByteLane, size / ByteLane::size> lanes_;
};

}  // namespace bytebasket::events
