#include "analytics/metric_choice.hpp"

#include <algorithm>
#include <set>

namespace bytebasket::analytics {

using metrics::Dimension;
using metrics::DimensionSet;
using metrics::Grain;
using metrics::GrainSet;
using metrics::MetricDefinition;
using metrics::StoredSet;

DimensionSet shown_dimensions(const MetricDefinition& definition, DimensionSet by) {
  if (definition.unit == metrics::Unit::money) by.insert(Dimension::currency);
  return by;
}

std::optional<StoredChoice> choose_set(const MetricDefinition& definition, DimensionSet needed,
                                       std::optional<Grain> grain) {
  for (const metrics::MetricSource& source : definition.sources) {
    const StoredSet* best = nullptr;
    for (const StoredSet& set : source.sets) {
      const bool fits = set.dimensions.includes(needed) && (!grain || set.grains.contains(*grain));
      if (fits && (best == nullptr || set.dimensions.size() < best->dimensions.size())) best = &set;
    }
    if (best != nullptr) return StoredChoice{&definition, *best};
  }
  return std::nullopt;
}

std::vector<const MetricDefinition*> operands_of(const MetricDefinition& definition,
                                                 const metrics::MetricCatalogue& catalogue) {
  if (!definition.derived()) return {&definition};
  std::vector<const MetricDefinition*> operands;
  for (const auto* side :
       {&definition.derivation->numerator, &definition.derivation->denominator}) {
    for (const auto& term : *side) {
      const MetricDefinition* operand = catalogue.find(term.metric);
      if (operand != nullptr &&
          std::find(operands.begin(), operands.end(), operand) == operands.end()) {
        operands.push_back(operand);
      }
    }
  }
  return operands;
}

std::vector<StoredSet> answerable_sets(const MetricDefinition& definition,
                                       const metrics::MetricCatalogue& catalogue) {
  const auto operands = operands_of(definition, catalogue);
  std::set<std::pair<std::size_t, DimensionSet>> candidates;  // small sets first
  for (const MetricDefinition* operand : operands) {
    for (const metrics::MetricSource& source : operand->sources) {
      for (const StoredSet& set : source.sets) {
        const DimensionSet shown = shown_dimensions(definition, set.dimensions);
        candidates.emplace(shown.size(), shown);
      }
    }
  }
  std::vector<StoredSet> sets;
  for (const auto& [size, dimensions] : candidates) {
    GrainSet grains;
    for (const Grain grain : metrics::all_grains) {
      const bool all = std::all_of(operands.begin(), operands.end(),
                                   [&, by = dimensions](const MetricDefinition* each) {
                                     return choose_set(*each, by, grain).has_value();
                                   });
      if (all) grains.insert(grain);
    }
    if (!grains.empty()) sets.push_back({dimensions, grains});
  }
  return sets;
}

std::string describe(std::span<const StoredSet> sets) {
  std::string text;
  for (const StoredSet& set : sets) {
    if (!text.empty()) text += "; ";
    text += set.dimensions.empty() ? "nothing" : to_string(set.dimensions);
    std::string grains;
    for (const Grain grain : metrics::all_grains) {
      if (set.grains.contains(grain))
        grains += (grains.empty() ? "" : ", ") + std::string(name_of(grain));
    }
    text += " (" + grains + ")";
  }
  return text;
}

}  // namespace bytebasket::analytics
