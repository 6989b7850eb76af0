// Aggregates within the words of a cell: small ones stand there, large ones in a pool beside.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/aggregate.hpp"

namespace bytebasket::metrics {

/// Words of 64 bits that an aggregate takes in a cell. All zero is the identity. distinct, quantile
/// and histogram stand in a pool; their word is their number there plus one.
constexpr std::uint32_t words_of(AggregateKind kind) {
  switch (kind) {
    case AggregateKind::sum:
      return 3;  // n, total low, total high
    case AggregateKind::min:
    case AggregateKind::max:
      return 2;  // whether there is one, the value
    default:
      return 1;
  }
}

/// Adds to aggregates in cells and reads them back. Not thread-safe.
class CellAggregates {
 public:
  /// Adds `value` (a hash for distinct) `weight` times to the aggregate that starts at `words`.
  void add(AggregateKind kind, std::uint64_t* words, std::int64_t value, std::int64_t weight,
           std::span<const std::int64_t> bounds);

  /// Merges the aggregate that starts at `words` into `into`, which is of the same kind.
  void merge_into(Aggregate& into, const std::uint64_t* words) const;

  void clear() { pool_.clear(); }
  /// Goes through the whole pool.
  [[nodiscard]] std::size_t memory() const;

 private:
  std::vector<Aggregate> pool_;
};

}  // namespace bytebasket::metrics
