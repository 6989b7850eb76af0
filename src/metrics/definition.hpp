// A metric as it is declared: what is counted, how, by what, and in which windows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "metrics/aggregate.hpp"
#include "metrics/dimensions.hpp"
#include "metrics/fact.hpp"
#include "metrics/filter.hpp"
#include "metrics/grain.hpp"

namespace bytebasket::metrics {

/// What a metric's number is.
enum class Unit : std::uint8_t { count, money, ratio, milliseconds, number };
std::string_view name_of(Unit unit);

/// What is aggregated of a fact.
struct ValueSource {
  enum class Kind : std::uint8_t { none, field, property, visitor, session, customer };
  Kind kind = Kind::none;
  Field field{};
  std::string property;  ///< the path below `properties`, its parts joined by dots
  bool operator==(const ValueSource&) const = default;
};

/// Dimensions that rows are kept by together, and in which grains.
struct StoredSet {
  DimensionSet dimensions;
  GrainSet grains;
  bool operator==(const StoredSet&) const = default;
};

/// One source of a metric's rows. Most metrics have one; revenue has two, because by product it is
/// made of lines.
struct MetricSource {
  FactKind from = FactKind::event;
  Filter where;
  ValueSource value;
  std::vector<StoredSet> sets;  ///< ordered; the first source's include the total
};

/// A derived metric: (sum of signed metrics) ÷ (sum of signed metrics), computed when read. Without
/// a denominator it is the numerator alone. Operands are names of metrics that are not derived.
struct Derivation {
  struct Term {
    std::string metric;
    int sign = 1;
    bool operator==(const Term&) const = default;
  };
  std::vector<Term> numerator;
  std::vector<Term> denominator;
};

/// A declared metric, checked: made by read_definitions() only, so whoever holds one need not check
/// it again.
struct MetricDefinition {
  std::string name;
  std::string help;
  Unit unit = Unit::count;
  AggregateKind aggregate = AggregateKind::count;
  std::int64_t quantile = 500'000;   ///< of `quantile`: which one, in millionths
  std::vector<std::int64_t> bounds;  ///< of `histogram`, ascending, in the value's own unit
  bool millionths = false;  ///< values are fixed-point millionths (money, properties), not integers
  GrainRetention retention;
  /// A fact counts when read only once its minute ended this long ago (carts: one hour, for younger
  /// ones are still open).
  Milliseconds settle{0};
  std::vector<MetricSource> sources;  ///< empty for derived metrics
  std::optional<Derivation> derivation;
  /// 16 hexadecimal digits: the hash of everything above that changes results. Part of every row's
  /// key, so rows of two definitions never mix.
  std::string hash;

  [[nodiscard]] bool derived() const { return derivation.has_value(); }
};

/// Reads a document of definitions (the format of config/metrics.yml). `file` is for messages only;
/// `defaults` are the retentions of metrics that say none. On failure the message has every problem
/// on a line of its own, as `file:line: what is wrong; what is allowed`.
Result<std::vector<MetricDefinition>> read_definitions(std::string_view yaml, std::string_view file,
                                                       const GrainRetention& defaults = {});

/// The document config/metrics.yml as it was when this was built: the built-in metrics.
std::string_view built_in_document();

/// The metrics that act, by name. Immutable and so thread-safe.
class MetricCatalogue {
 public:
  MetricCatalogue() = default;
  explicit MetricCatalogue(std::vector<MetricDefinition> definitions);

  /// In order of their names.
  [[nodiscard]] std::span<const MetricDefinition> all() const { return definitions_; }
  /// nullptr where there is none of that name.
  [[nodiscard]] const MetricDefinition* find(std::string_view name) const;

 private:
  std::vector<MetricDefinition> definitions_;
};

}  // namespace bytebasket::metrics
