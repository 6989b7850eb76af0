#include "metrics/quantile_sketch.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "metrics/int128.hpp"

namespace bytebasket::metrics {
namespace {

// γ = 1.01 / 0.99. The interpolated log2 below rises at least 10/7 for each e-fold, so 7 / (10 ln
// γ) buckets for each of its units make every bucket at most γ wide.
constexpr double buckets_per_unit = 34.99883330222075;
constexpr std::int32_t max_bucket = 2230;  // beyond that of 2^63

/// log2, right at powers of two and cubic between them: from the bits of the double, + and × alone.
double interpolated_log2(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto exponent = static_cast<double>(static_cast<std::int64_t>(bits >> 52) - 1023);
  const double s =
      std::bit_cast<double>((bits & 0x000F'FFFF'FFFF'FFFF) | 0x3FF0'0000'0000'0000) - 1.0;
  constexpr double a = 6.0 / 35.0;
  constexpr double b = -3.0 / 5.0;
  constexpr double c = 10.0 / 7.0;
  return ((a * s + b) * s + c) * s + exponent;
}

/// The logarithmic bucket of a value ≥ 1.
std::int32_t bucket_of(double value) {
  return static_cast<std::int32_t>(interpolated_log2(value) * buckets_per_unit);
}

/// The bucket of any integer: 0 for zero, ±(logarithmic bucket + 1) for the rest.
std::int32_t signed_bucket_of(std::int64_t value) {
  if (value == 0) return 0;
  const double magnitude = value < 0 ? -static_cast<double>(value) : static_cast<double>(value);
  const std::int32_t bucket = bucket_of(magnitude) + 1;
  return value < 0 ? -bucket : bucket;
}

/// The smallest double of a bucket, by bisection over the bits of doubles (which are ordered as the
/// doubles are).
double lower_bound_of(std::int32_t bucket) {
  auto low = std::bit_cast<std::uint64_t>(1.0);
  auto high = std::bit_cast<std::uint64_t>(0x1p65);
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (bucket_of(std::bit_cast<double>(middle)) >= bucket) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return std::bit_cast<double>(low);
}

/// The number that stands for all in a bucket: the harmonic mean of its ends is equally far from
/// both, relatively.
std::int64_t value_of(std::int32_t signed_bucket) {
  if (signed_bucket == 0) return 0;
  const std::int32_t bucket = (signed_bucket < 0 ? -signed_bucket : signed_bucket) - 1;
  const double low = lower_bound_of(bucket);
  const double high = lower_bound_of(bucket + 1);
  const double middle = 2 * low * high / (low + high) + 0.5;
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const std::int64_t magnitude =
      middle >= static_cast<double>(most) ? most : static_cast<std::int64_t>(middle);
  return signed_bucket < 0 ? -magnitude : magnitude;
}

}  // namespace

void QuantileSketch::add(std::int64_t value, std::int64_t weight) {
  if (weight == 0) return;
  const std::int32_t bucket = signed_bucket_of(value);
  const auto at =
      std::lower_bound(counts_.begin(), counts_.end(), bucket,
                       [](const auto& entry, std::int32_t wanted) { return entry.first < wanted; });
  if (at == counts_.end() || at->first != bucket) {
    counts_.insert(at, {bucket, weight});
    return;
  }
  at->second += weight;
  if (at->second == 0) counts_.erase(at);
}

void QuantileSketch::merge(const QuantileSketch& other, std::int64_t sign) {
  std::vector<std::pair<std::int32_t, std::int64_t>> merged;
  merged.reserve(counts_.size() + other.counts_.size());
  auto mine = counts_.begin();
  for (const auto& [bucket, count] : other.counts_) {
    while (mine != counts_.end() && mine->first < bucket) merged.push_back(*mine++);
    std::int64_t sum = sign * count;
    if (mine != counts_.end() && mine->first == bucket) sum += (mine++)->second;
    if (sum != 0) merged.emplace_back(bucket, sum);
  }
  merged.insert(merged.end(), mine, counts_.end());
  counts_ = std::move(merged);
}

std::int64_t QuantileSketch::count() const {
  std::int64_t total = 0;
  for (const auto& entry : counts_) total += entry.second;
  return total;
}

std::optional<std::int64_t> QuantileSketch::quantile(std::int64_t millionths) const {
  const std::int64_t total = count();
  if (total <= 0) return std::nullopt;
  const auto rank =
      static_cast<std::int64_t>(static_cast<Int128>(total - 1) * millionths / 1'000'000);
  std::int64_t seen = 0;
  for (const auto& [bucket, n] : counts_) {
    seen += n;
    if (seen > rank) return value_of(bucket);
  }
  return value_of(counts_.back().first);
}

void QuantileSketch::encode(std::string& out) const {
  ByteWriter writer(out);
  writer.put_varint(counts_.size());
  std::int64_t before = 0;
  for (const auto& [bucket, count] : counts_) {
    writer.put_signed(bucket - before);
    writer.put_signed(count);
    before = bucket;
  }
}

bool QuantileSketch::decode(ByteReader& in) {
  counts_.clear();
  const std::uint64_t size = in.take_varint();
  if (!in.ok() || size > 2 * (max_bucket + 1) + 1) return false;
  std::int64_t bucket = 0;
  for (std::uint64_t i = 0; i < size; ++i) {
    const std::int64_t step = in.take_signed();
    const std::int64_t count = in.take_signed();
    if (!in.ok() || count == 0 || (i > 0 && step <= 0) || step < -2 * max_bucket ||
        step > 2 * max_bucket)
      return false;
    bucket += step;
    if (bucket < -max_bucket || bucket > max_bucket) return false;
    counts_.emplace_back(static_cast<std::int32_t>(bucket), count);
  }
  return true;
}

}  // namespace bytebasket::metrics
