// config/metrics.yml → MetricDefinitions, with every problem found in one go.
#include <array>
#include <iterator>
#include <set>

#include <yaml-cpp/yaml.h>

#include "base/names.hpp"
#include "documents/reader.hpp"
#include "events/money.hpp"
#include "metrics/definition.hpp"
#include "metrics/definition_checks.hpp"
#include "metrics/derivation.hpp"
#include "metrics/derived_metric.hpp"
#include "metrics/source_reader.hpp"

namespace bytebasket::metrics {
namespace {

constexpr std::array<std::string_view, 14> stored_keys = {
    "name",     "help",   "unit",       "from",   "where",     "value",  "aggregate",
    "quantile", "bounds", "dimensions", "grains", "retention", "settle", "breakdowns"};
constexpr std::array<std::string_view, 3> derived_keys = {"name", "help", "derive"};

class DefinitionReader {
 public:
  DefinitionReader(std::string_view file, const GrainRetention& defaults)
      : yaml_(file), defaults_(defaults) {}

  Result<std::vector<MetricDefinition>> read(std::string_view document) {
    yaml_.read(document, [this](const YAML::Node& root) { read_all(root); });
    BB_RETURN_IF_ERROR(yaml_.outcome());
    return std::move(definitions_);
  }

 private:
  void read_all(const YAML::Node& root) {
    const bool shaped = root.IsMap() && yaml_.keys(root, "the document", {"metrics"}) &&
                        root["metrics"] && root["metrics"].IsSequence();
    if (!shaped) {
      yaml_.wrong(root, "expected one key 'metrics' with a list of metrics");
      return;
    }
    for (const YAML::Node& node : root["metrics"]) read_metric(node);
    resolve_derived();
  }

  void read_metric(const YAML::Node& node) {
    if (!node.IsMap()) {
      yaml_.wrong(node, "a metric must be a map with the keys " + joined(stored_keys));
      return;
    }
    const bool derived = static_cast<bool>(node["derive"]);
    if (derived) {
      yaml_.keys(node, "a derived metric", derived_keys);
    } else {
      yaml_.keys(node, "a metric", stored_keys);
    }
    MetricDefinition definition;
    definition.retention = defaults_;
    definition.help = yaml_.text_at(node, "help").value_or("");
    if (const auto name = yaml_.needed_text_at(node, "name")) {
      if (const auto checked = yaml_.value(node["name"], check_name(*name)))
        definition.name = *checked;
      if (!names_.insert(*name).second)
        yaml_.wrong(node["name"], "there is another metric '" + *name + "'");
    }
    if (derived) {
      read_derived(node, std::move(definition));
      return;
    }
    read_aggregate(node, definition);
    read_unit(node, definition);
    read_times(node, definition);
    SourceReader(yaml_, definition).read(node);
    definition.hash = identity_of(definition);
    definitions_.push_back(std::move(definition));
  }

  void read_aggregate(const YAML::Node& node, MetricDefinition& definition) {
    if (const auto name = yaml_.needed_text_at(node, "aggregate")) {
      if (const auto kind = yaml_.value(node["aggregate"], check_aggregate(*name)))
        definition.aggregate = *kind;
    }
    if (const YAML::Node quantile = node["quantile"]) {
      if (definition.aggregate != AggregateKind::quantile)
        yaml_.wrong(quantile, "'quantile' is only for 'aggregate: quantile'");
      const auto share = events::parse_money(yaml_.text_at(node, "quantile").value_or(""));
      if (!share || share->value() < 0 || share->value() > 1'000'000) {
        yaml_.wrong(quantile, "'quantile' must be a number from 0 to 1");
      } else {
        definition.quantile = share->value();
      }
    } else if (definition.aggregate == AggregateKind::quantile) {
      yaml_.wrong(node, "'aggregate: quantile' needs 'quantile', a number from 0 to 1");
    }
  }

  /// The value decides the unit; a declared one must agree.
  void read_unit(const YAML::Node& node, MetricDefinition& definition) {
    const std::string value = yaml_.text_at(node, "value").value_or("");
    const auto declared = yaml_.text_at(node, "unit");
    const auto unit = yaml_.value(node["unit"] ? node["unit"] : node,
                                  unit_of(definition.aggregate, value, declared));
    if (unit) definition.unit = *unit;
    definition.millionths = definition.unit == Unit::money || definition.unit == Unit::number;
  }

  void read_times(const YAML::Node& node, MetricDefinition& definition) {
    if (const auto settle = yaml_.text_at(node, "settle")) {
      if (const auto time = yaml_.value(node["settle"], parse_duration(*settle)))
        definition.settle = *time;
      if (definition.aggregate != AggregateKind::count &&
          definition.aggregate != AggregateKind::sum) {
        yaml_.wrong(node["settle"],
                    "'settle' is only for 'count' and 'sum': the young part is subtracted");
      }
    }
    const YAML::Node retention = node["retention"];
    if (!retention) return;
    if (!retention.IsMap()) {
      yaml_.wrong(retention, "'retention' must be a map of 1m, 1h, 1d to durations");
      return;
    }
    yaml_.keys(retention, "'retention'", {"1m", "1h", "1d"});
    for (const Grain grain : all_grains) {
      const std::string key(name_of(grain));
      if (const auto text = yaml_.text_at(retention, key)) {
        if (const auto time = yaml_.value(retention[key], parse_duration(*text))) {
          definition.retention.kept[static_cast<std::size_t>(grain)] = *time;
        }
      }
    }
  }

  void read_derived(const YAML::Node& node, MetricDefinition definition) {
    DerivedMetric& metric = derived_.emplace_back(DerivedMetric{std::move(definition), {}});
    places_.push_back(node["derive"]);
    if (const auto text = yaml_.needed_text_at(node, "derive"))
      metric.written = yaml_.value(node["derive"], parse_derivation(*text));
  }

  void resolve_derived() {
    std::vector<MetricDefinition> resolved;
    for (std::size_t i = 0; i < derived_.size(); ++i) {
      if (!derived_[i].written) continue;
      if (auto metric = yaml_.value(places_[i], resolve(derived_[i], definitions_, derived_)))
        resolved.push_back(std::move(*metric));
    }
    std::move(resolved.begin(), resolved.end(), std::back_inserter(definitions_));
  }

  documents::Reader yaml_;
  GrainRetention defaults_;
  std::vector<MetricDefinition> definitions_;  ///< that are stored; at the end the derived ones too
  std::vector<DerivedMetric> derived_;
  std::vector<YAML::Node> places_;  ///< of the derived ones
  std::set<std::string> names_;
};

}  // namespace

Result<std::vector<MetricDefinition>> read_definitions(std::string_view yaml, std::string_view file,
                                                       const GrainRetention& defaults) {
  return DefinitionReader(file, defaults).read(yaml);
}

}  // namespace bytebasket::metrics
