// How many different ones: HyperLogLog with 2^12 registers over 64-bit hashes, standard
// error 1.04/√4096 = 1.6 %.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace bytebasket::metrics {

/// The set of registers is a function of the set of hashes, and its bytes a function of the
/// registers: up to `sparse_limit` registers that are not zero they are listed in order, beyond it
/// all 4096 follow, six bits each. Merging takes the larger of each register. The estimate is
/// Ertl's ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6),
/// made of + − × ÷ and square roots, which IEEE 754 rounds alike everywhere: the same registers
/// give the same integer on every machine.
class HyperLogLog {
 public:
  static constexpr unsigned precision = 12;
  static constexpr std::size_t registers = std::size_t{1} << precision;
  static constexpr std::size_t sparse_limit = 1024;

  void add(std::uint64_t hash);
  void merge(const HyperLogLog& other);
  [[nodiscard]] bool empty() const { return dense_.empty() && pending_.empty(); }
  /// The number of different hashes, to the nearest integer.
  [[nodiscard]] std::int64_t estimate() const;

  void encode(std::string& out) const;
  /// Reads what encode() wrote; false where the bytes are not that.
  bool decode(ByteReader& in);

  [[nodiscard]] std::size_t memory() const {
    return pending_.capacity() * sizeof(std::uint32_t) + dense_.capacity();
  }
  /// Compares what they hold, not how.
  bool operator==(const HyperLogLog& other) const;

 private:
  /// A register and its rank, as index × 64 + rank.
  static std::uint32_t entry_of(std::uint64_t hash);
  void put(std::uint32_t entry);
  void raise(std::uint32_t entry);
  void compact() const;
  void densify();

  /// Sparse form: `sorted_` entries in order, one for each register, then entries as they came.
  /// Sorted when it has doubled.
  mutable std::vector<std::uint32_t> pending_;
  mutable std::size_t sorted_ = 0;
  std::vector<std::uint8_t> dense_;  ///< all registers, once many are not zero; empty before
};

}  // namespace bytebasket::metrics
