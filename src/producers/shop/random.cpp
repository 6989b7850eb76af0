#include "producers/shop/random.hpp"

#include <algorithm>

namespace bytebasket::producers::shop {

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

void append_hex_digits(std::string& out, std::uint64_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    out += hex_digits[(value >> shift) & 15];
}

}  // namespace

WeightedChoice::WeightedChoice(std::span<const std::uint32_t> weights) {
  sums_.reserve(weights.size());
  std::uint32_t sum = 0;
  for (const std::uint32_t weight : weights) sums_.push_back(sum += weight);
}

WeightedChoice WeightedChoice::zipf(std::size_t size) {
  constexpr std::uint32_t first_weight = 100'000'000;  // the sum stays under 2^32 whatever the size
  std::vector<std::uint32_t> sums;
  sums.reserve(size);
  std::uint32_t sum = 0;
  for (std::size_t i = 1; i <= size; ++i)
    sums.push_back(sum += first_weight / static_cast<std::uint32_t>(i));
  return WeightedChoice(std::move(sums));
}

std::size_t WeightedChoice::choose(Random& random) const {
  const std::uint32_t point = random.below(sums_.back());
  return static_cast<std::size_t>(std::upper_bound(sums_.begin(), sums_.end(), point) -
                                  sums_.begin());
}

void append_uuid(std::string& out, std::uint64_t high, std::uint64_t low) {
  append_hex_digits(out, high >> 32, 8);
  out += '-';
  append_hex_digits(out, high >> 16, 4);
  out += "-4";  // version 4, variant 10: what every reader of UUIDs expects
  append_hex_digits(out, high, 3);
  out += '-';
  append_hex_digits(out, (low >> 62 & 3) | 8, 1);
  append_hex_digits(out, low >> 48, 3);
  out += '-';
  append_hex_digits(out, low, 12);
}

void append_base32(std::string& out, std::uint64_t value) {
  constexpr char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
  for (int shift = 60; shift >= 0; shift -= 5) out += digits[(value >> shift) & 31];
}

}  // namespace bytebasket::producers::shop
