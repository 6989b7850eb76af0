// What a metric's row holds: a commutative monoid. Merging in any order and any grouping gives the
// same bytes.
//
// count, sum, histogram and quantile are groups: what was added with weight +1 can be taken back
// with −1. min, max and distinct are not, so they may not aggregate facts that are restated.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "metrics/hyperloglog.hpp"
#include "metrics/int128.hpp"
#include "metrics/quantile_sketch.hpp"

namespace bytebasket::metrics {

/// The numbers are stored: never reuse one.
enum class AggregateKind : std::uint8_t {
  count = 1,
  sum = 2,
  min = 3,
  max = 4,
  distinct = 5,
  quantile = 6,
  histogram = 7
};

std::string_view name_of(AggregateKind kind);
std::optional<AggregateKind> aggregate_named(std::string_view name);
constexpr bool is_group(AggregateKind kind) {
  return kind == AggregateKind::count || kind == AggregateKind::sum ||
         kind == AggregateKind::quantile || kind == AggregateKind::histogram;
}

/// How many.
struct Count {
  std::int64_t n = 0;
  bool operator==(const Count&) const = default;
};

/// An exact sum. It is 128 bits wide, so that adding can never overflow and order can never matter;
/// whether the answer fits 64 bits is asked when it is read (Aggregate::sum). `n` tells a sum of
/// nothing from a sum that is zero.
struct Sum {
  std::int64_t n = 0;
  Int128 total = 0;
  bool operator==(const Sum&) const = default;
};

struct Min {
  std::optional<std::int64_t> value;
  bool operator==(const Min&) const = default;
};

struct Max {
  std::optional<std::int64_t> value;
  bool operator==(const Max&) const = default;
};

/// Counts by bucket: bucket i holds values < bounds[i], the last those beyond all bounds. The
/// bounds are the definition's. No trailing zero counts are kept, so equal contents have equal
/// bytes.
struct Histogram {
  std::vector<std::int64_t> counts;
  bool operator==(const Histogram&) const = default;
};

/// One aggregate of any kind. A value type; not thread-safe.
class Aggregate {
 public:
  using State = std::variant<Count, Sum, Min, Max, HyperLogLog, QuantileSketch, Histogram>;

  /// The identity: the aggregate of nothing.
  explicit Aggregate(AggregateKind kind = AggregateKind::count);
  explicit Aggregate(State state) : state_(std::move(state)) {}

  [[nodiscard]] AggregateKind kind() const;
  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] bool is_identity() const;

  /// Adds one value (for `distinct` its hash) `weight` times; −1 takes one back (groups only).
  /// `bounds` are the definition's, for `histogram`.
  void add(std::int64_t value, std::int64_t weight, std::span<const std::int64_t> bounds = {});

  /// Adds `other`, which must be of the same kind. What it then holds does not depend on order.
  void merge(const Aggregate& other);
  /// Takes `other` back. Groups only; nothing happens for the rest.
  void subtract(const Aggregate& other);

  /// Version, kind, contents. Equal contents give equal bytes; never empty.
  [[nodiscard]] std::string encode() const;
  /// `corrupt` for anything that encode() does not write.
  static Result<Aggregate> decode(std::string_view bytes);

  /// The answer as an integer: n, the total, the extreme, the estimate. nullopt where there is none
  /// (nothing was added, or the total does not fit 64 bits) and for quantile and histogram.
  [[nodiscard]] std::optional<std::int64_t> integer() const;

  /// Memory held, in bytes.
  [[nodiscard]] std::size_t memory() const;

  bool operator==(const Aggregate&) const = default;

 private:
  State state_;
};

}  // namespace bytebasket::metrics
