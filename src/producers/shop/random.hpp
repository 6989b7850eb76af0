// Random numbers that are the same on every machine and for ever: SplitMix64, integers only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bytebasket::producers::shop {

/// A fixed 64-bit mix of two values: what makes independent streams from one seed.
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t z = a ^ (b * 0x9E3779B97F4A7C15ULL + 0x632BE59BD9B4E019ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// SplitMix64. The standard library's distributions differ from one library to the next, so none is
/// used.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  /// 0 … bound − 1; `bound` must not be 0.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }

  /// low … high, both included; they lie less than 2^32 apart.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + below(static_cast<std::uint32_t>(high - low + 1));
  }

  bool per_mille(std::uint32_t share) { return below(1000) < share; }
  bool per_million(std::uint32_t share) { return below(1'000'000) < share; }

  template <typename T, std::size_t N>
  const T& pick(const std::array<T, N>& from) {
    return from[below(N)];
  }

 private:
  std::uint64_t state_;
};

/// Chooses an index by weight.
class WeightedChoice {
 public:
  explicit WeightedChoice(std::span<const std::uint32_t> weights);

  /// Weights 1, 1/2, 1/3, …: the popularity of products, searches and pages.
  static WeightedChoice zipf(std::size_t size);

  [[nodiscard]] std::size_t choose(Random& random) const;

 private:
  explicit WeightedChoice(std::vector<std::uint32_t> sums) : sums_(std::move(sums)) {}
  std::vector<std::uint32_t> sums_;  ///< running totals
};

/// Text forms of hashes: `8f14e45f-ceea-467f-9575-2bd16b5a1d0e`, and 13 digits and small letters
/// (never 14 digits in a row, which could be taken for a card number).
void append_uuid(std::string& out, std::uint64_t high, std::uint64_t low);
void append_base32(std::string& out, std::uint64_t value);

}  // namespace bytebasket::producers::shop
