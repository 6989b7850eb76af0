// Which stored rows answer a question: the choice of dimension set and grain.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "metrics/definition.hpp"

namespace bytebasket::analytics {

/// The stored rows to read for one metric that is not derived.
struct StoredChoice {
  const metrics::MetricDefinition* definition = nullptr;
  metrics::StoredSet set;
};

/// Dimensions that every row of a question to this metric shows: those asked for, and the currency
/// for money.
metrics::DimensionSet shown_dimensions(const metrics::MetricDefinition& definition,
                                       metrics::DimensionSet by);

/// The smallest stored set of `definition` that has `needed` and, where given, `grain`; the
/// metric's main source before its breakdowns. nullopt where there is none.
std::optional<StoredChoice> choose_set(const metrics::MetricDefinition& definition,
                                       metrics::DimensionSet needed,
                                       std::optional<metrics::Grain> grain);

/// The definitions a metric is computed from: itself, or the operands of a derived one, each once.
std::vector<const metrics::MetricDefinition*> operands_of(
    const metrics::MetricDefinition& definition, const metrics::MetricCatalogue& catalogue);

/// Every set of dimensions that a question may name, each with the grains it is kept in; for a
/// derived metric those that all its operands have.
std::vector<metrics::StoredSet> answerable_sets(const metrics::MetricDefinition& definition,
                                                const metrics::MetricCatalogue& catalogue);

/// "category (1m, 1h, 1d); product (1h, 1d)": for error messages.
std::string describe(std::span<const metrics::StoredSet> sets);

}  // namespace bytebasket::analytics
