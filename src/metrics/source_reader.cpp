#include "metrics/source_reader.hpp"

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <yaml-cpp/yaml.h>

#include "base/names.hpp"
#include "metrics/definition_checks.hpp"
#include "metrics/fields.hpp"

namespace bytebasket::metrics {
namespace {

constexpr std::array<std::string_view, 4> breakdown_keys = {"from", "where", "value", "dimensions"};

}  // namespace

void SourceReader::read(const YAML::Node& node) {
  GrainSet grains = GrainSet::all();
  if (node["grains"]) grains = read_grains(node["grains"]);
  MetricSource main = read_source(node, grains);
  main.sets.insert(main.sets.begin(), {with_currency({}), grains});
  check_sets(node, main);
  definition_.sources.push_back(std::move(main));
  read_bounds(node);
  const YAML::Node breakdowns = node["breakdowns"];
  if (!breakdowns) return;
  if (!breakdowns.IsSequence()) {
    yaml_.wrong(breakdowns,
                "'breakdowns' must be a list of maps with the keys " + joined(breakdown_keys));
    return;
  }
  for (const YAML::Node& each : breakdowns) {
    if (!each.IsMap()) {
      yaml_.wrong(each, "a breakdown must be a map with the keys " + joined(breakdown_keys));
      continue;
    }
    yaml_.keys(each, "a breakdown", breakdown_keys);
    MetricSource source = read_source(each, grains);
    check_sets(each, source);
    definition_.sources.push_back(std::move(source));
  }
}

MetricSource SourceReader::read_source(const YAML::Node& node, GrainSet grains) {
  MetricSource source;
  bool known = false;
  if (const auto from = yaml_.needed_text_at(node, "from")) {
    if (const auto kind = yaml_.value(node["from"], check_fact_kind(*from))) {
      source.from = *kind;
      known = true;
    }
  }
  if (known && is_restated(source.from) && !is_group(definition_.aggregate)) {
    yaml_.wrong(node["from"],
                "'" + std::string(name_of(source.from)) +
                    "' are restated when late events change them, and '" +
                    std::string(name_of(definition_.aggregate)) +
                    "' cannot take a value back; allowed: count, sum, quantile, histogram");
  }
  if (const auto where = yaml_.text_at(node, "where")) {
    if (auto filter = yaml_.value(node["where"], Filter::parse(*where))) {
      if (known) yaml_.value(node["where"], check_operands(*filter, source.from));
      source.where = std::move(*filter);
    }
  }
  const auto value = yaml_.text_at(node, "value");
  const auto checked = check_value(definition_.aggregate, source.from, value.value_or(""));
  if (auto taken = yaml_.value(node["value"] ? node["value"] : node, checked))
    source.value = std::move(*taken);
  read_sets(node["dimensions"], grains, source);
  return source;
}

void SourceReader::read_sets(const YAML::Node& list, GrainSet grains, MetricSource& source) {
  if (!list) return;
  if (!list.IsSequence()) {
    yaml_.wrong(list,
                "'dimensions' must be a list; an entry is a dimension, a list of them, or {by: …, "
                "grains: […]}");
    return;
  }
  for (const YAML::Node& entry : list) {
    StoredSet set{{}, grains};
    const YAML::Node by = entry.IsMap() ? entry["by"] : entry;
    if (entry.IsMap()) {
      yaml_.keys(entry, "an entry of 'dimensions'", {"by", "grains"});
      if (entry["grains"]) set.grains = read_grains(entry["grains"]);
    }
    if (by && by.IsScalar()) {
      read_dimension(by, source.from, set.dimensions);
    } else if (by && by.IsSequence() && by.size() > 0) {
      for (const YAML::Node& name : by) read_dimension(name, source.from, set.dimensions);
    } else {
      yaml_.wrong(
          entry,
          "an entry of 'dimensions' is a dimension, a list of them, or {by: …, grains: […]}");
      continue;
    }
    set.dimensions = with_currency(set.dimensions);
    source.sets.push_back(set);
  }
}

void SourceReader::read_dimension(const YAML::Node& node, FactKind from, DimensionSet& set) {
  const std::string name = node.IsScalar() ? node.Scalar() : "";
  if (const auto dimension = yaml_.value(node, check_dimension(name, from))) set.insert(*dimension);
}

DimensionSet SourceReader::with_currency(DimensionSet set) const {
  if (definition_.unit == Unit::money) set.insert(Dimension::currency);
  return set;
}

void SourceReader::check_sets(const YAML::Node& node, const MetricSource& source) {
  const YAML::Node place = node["dimensions"] ? node["dimensions"] : node;
  std::set<DimensionSet> seen;
  for (const StoredSet& set : source.sets) {
    if (!seen.insert(set.dimensions).second)
      yaml_.wrong(place, "'" + to_string(set.dimensions) + "' is there twice");
    if (set.dimensions.size() > max_dimensions_together) {
      yaml_.wrong(place, "'" + to_string(set.dimensions) +
                             "' has too many dimensions; at most 4 stand together");
    }
    if (definition_.settle > Milliseconds(0) && !set.grains.contains(Grain::minute)) {
      yaml_.wrong(place, "a metric that settles needs the grain 1m for every set of dimensions");
    }
  }
}

GrainSet SourceReader::read_grains(const YAML::Node& node) {
  GrainSet grains;
  if (node.IsSequence()) {
    for (const YAML::Node& each : node) {
      const auto grain = each.IsScalar() ? grain_named(each.Scalar()) : std::nullopt;
      if (grain) {
        grains.insert(*grain);
      } else {
        yaml_.wrong(each, "'" + (each.IsScalar() ? each.Scalar() : "") +
                              "' is no grain; allowed: 1m, 1h, 1d");
      }
    }
  }
  if (grains.empty()) yaml_.wrong(node, "'grains' must be a list of at least one of 1m, 1h, 1d");
  return grains;
}

void SourceReader::read_bounds(const YAML::Node& node) {
  const YAML::Node bounds = node["bounds"];
  if (definition_.aggregate != AggregateKind::histogram) {
    if (bounds) yaml_.wrong(bounds, "'bounds' is only for 'aggregate: histogram'");
    return;
  }
  if (!bounds || !bounds.IsSequence() || bounds.size() == 0 || bounds.size() > max_bounds) {
    yaml_.wrong(bounds ? bounds : node, "a histogram needs 'bounds', a list of 1 to 256 numbers");
    return;
  }
  const ValueSource& value = definition_.sources[0].value;
  for (const YAML::Node& each : bounds) {
    const auto number = each.IsScalar() ? parse_value(value, each.Scalar()) : std::nullopt;
    if (!number || (!definition_.bounds.empty() && *number <= definition_.bounds.back())) {
      yaml_.wrong(each, "'bounds' must be ascending numbers that fit the value");
      return;
    }
    definition_.bounds.push_back(*number);
  }
}

}  // namespace bytebasket::metrics
