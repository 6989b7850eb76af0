// Quantiles with a relative error of at most 1 %: a DDSketch that never collapses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace bytebasket::metrics {

/// Counts of integers by logarithmic bucket, negative and zero apart. A group: counts may be taken
/// back. Which bucket a value falls into is computed from the bits of the double with + and ×
/// alone, so it is the same on every machine.
///
/// ("DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", Masson,
/// Rim, Lee, 2019; with its cubically interpolated logarithm.)
class QuantileSketch {
 public:
  void add(std::int64_t value, std::int64_t weight);
  /// Adds `other` `sign` times (+1 or −1).
  void merge(const QuantileSketch& other, std::int64_t sign = 1);
  [[nodiscard]] bool empty() const { return counts_.empty(); }
  [[nodiscard]] std::int64_t count() const;
  /// The value at `millionths` of the way (500,000 is the median): the element of rank floor(q × (n
  /// − 1)), within 1 %. nullopt when there is none.
  [[nodiscard]] std::optional<std::int64_t> quantile(std::int64_t millionths) const;

  void encode(std::string& out) const;
  /// Reads what encode() wrote; false where the bytes are not that.
  bool decode(ByteReader& in);

  [[nodiscard]] std::size_t memory() const { return counts_.capacity() * sizeof(counts_[0]); }
  bool operator==(const QuantileSketch&) const = default;

 private:
  /// (bucket, count), ordered by bucket, no zero counts. Bucket 0 is zero, ±(i + 1) the logarithmic
  /// ones.
  std::vector<std::pair<std::int32_t, std::int64_t>> counts_;
};

}  // namespace bytebasket::metrics
