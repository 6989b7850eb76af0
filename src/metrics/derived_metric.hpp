// Derived metrics in terms of those that are stored, whatever derived ones stand between.
#pragma once

#include <optional>
#include <span>

#include "base/result.hpp"
#include "metrics/definition.hpp"

namespace bytebasket::metrics {

/// A derived metric as it is declared: its operands may be derived themselves.
struct DerivedMetric {
  MetricDefinition definition;        ///< the name and the help
  std::optional<Derivation> written;  ///< nullopt: what is written is no derivation
};

/// `metric` with operands that are all stored, its unit and its identity. `invalid_argument` where
/// an operand is none of `stored` and `derived`, is a ratio, or leads back to the metric, and where
/// the operands' units do not fit each other.
Result<MetricDefinition> resolve(const DerivedMetric& metric,
                                 std::span<const MetricDefinition> stored,
                                 std::span<const DerivedMetric> derived);

}  // namespace bytebasket::metrics
