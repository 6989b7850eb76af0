// Merged aggregates → the numbers of an answer: divided, rounded, written.
#pragma once

#include <map>
#include <string>

#include "analytics/metric_cells.hpp"
#include "metrics/definition.hpp"
#include "metrics/int128.hpp"

namespace bytebasket::analytics {

/// A number of an answer. `number` orders rows; it is in millionths for money, ratios and
/// fixed-point values.
struct MetricValue {
  metrics::Int128 number = 0;
  std::string text;  ///< JSON, without the quotes that money gets
};

using MetricValues = std::map<CellPlace, MetricValue>;

/// The values of a metric that is not derived.
MetricValues values_of(const metrics::MetricDefinition& definition, const MetricCells& cells);

/// The values of a derived metric. A ratio has rows where its denominator is not zero; what is
/// missing above counts as zero. Quotients are exact and rounded half to even at the millionth.
MetricValues derive(const metrics::MetricDefinition& definition,
                    const metrics::MetricCatalogue& catalogue,
                    const std::map<std::string, MetricCells>& operands);

}  // namespace bytebasket::analytics
