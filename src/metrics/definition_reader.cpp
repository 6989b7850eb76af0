// config/metrics.yml → MetricDefinitions, with every problem found in one go.
#include <algorithm>
#include <map>
#include <set>

#include <yaml-cpp/yaml.h>

#include "base/hash.hpp"
#include "events/money.hpp"
#include "metrics/definition.hpp"
#include "metrics/definition_checks.hpp"
#include "metrics/derivation.hpp"
#include "metrics/fields.hpp"

namespace bytebasket::metrics {
namespace {

using Keys = std::vector<std::string_view>;

const Keys stored_keys = {"name",   "help",      "unit",     "from",      "where",
                          "value",  "aggregate", "quantile", "bounds",    "dimensions",
                          "grains", "retention", "settle",   "breakdowns"};
const Keys derived_keys = {"name", "help", "derive"};
const Keys breakdown_keys = {"from", "where", "value", "dimensions"};

std::string joined(const Keys& keys) {
  std::string list;
  for (const std::string_view key : keys) list += (list.empty() ? "" : ", ") + std::string(key);
  return list;
}

class DefinitionReader {
 public:
  DefinitionReader(std::string_view file, const GrainRetention& defaults)
      : file_(file), defaults_(defaults) {}

  Result<std::vector<MetricDefinition>> read(const YAML::Node& document) {
    const bool shaped = document.IsMap() && check_keys(document, {"metrics"}, "the document") &&
                        document["metrics"] && document["metrics"].IsSequence();
    if (!shaped) {
      problem(document, "expected one key 'metrics' with a list of metrics");
      return outcome();
    }
    for (const YAML::Node& node : document["metrics"]) read_metric(node);
    for (auto& [definition, node] : derived_) resolve(definition, node);
    for (auto& [definition, node] : derived_) definitions_.push_back(std::move(definition));
    return outcome();
  }

 private:
  Result<std::vector<MetricDefinition>> outcome() {
    if (problems_.empty()) return std::move(definitions_);
    std::sort(problems_.begin(), problems_.end());
    std::string message;
    for (const auto& [line, text] : problems_) {
      if (!message.empty()) message += '\n';
      message += file_ + ':' + std::to_string(line) + ": " + text;
    }
    return fail(ErrorCode::invalid_argument, std::move(message));
  }

  void problem(const YAML::Node& node, std::string text) {
    problems_.emplace_back(node.Mark().line + 1, std::move(text));
  }

  /// Reports keys that are not known, or there twice.
  bool check_keys(const YAML::Node& map, const Keys& known, const std::string& where) {
    std::set<std::string> seen;
    bool fine = true;
    for (const auto& entry : map) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        problem(entry.first, "'" + key + "' is no key of " + where + "; allowed: " + joined(known));
        fine = false;
      } else if (!seen.insert(key).second) {
        problem(entry.first, "'" + key + "' is there twice");
        fine = false;
      }
    }
    return fine;
  }

  /// The text at `key`; nullopt (with a problem where it is no text, or missing but `required`).
  std::optional<std::string> text_at(const YAML::Node& map, const char* key,
                                     bool required = false) {
    const YAML::Node node = map[key];
    if (!node) {
      if (required) problem(map, std::string("'") + key + "' is missing");
      return std::nullopt;
    }
    if (!node.IsScalar()) {
      problem(node, std::string("'") + key + "' must be one text or number");
      return std::nullopt;
    }
    return node.Scalar();
  }

  /// What is in order of `result`, else a problem at `node`.
  template <typename T>
  std::optional<T> check(const YAML::Node& node, Result<T> result) {
    if (result) return std::move(*result);
    problem(node, result.error().message);
    return std::nullopt;
  }

  void read_metric(const YAML::Node& node) {
    if (!node.IsMap()) {
      problem(node, "a metric must be a map with the keys " + joined(stored_keys));
      return;
    }
    const bool derived = static_cast<bool>(node["derive"]);
    check_keys(node, derived ? derived_keys : stored_keys,
               derived ? "a derived metric" : "a metric");
    MetricDefinition definition;
    definition.retention = defaults_;
    definition.help = text_at(node, "help").value_or("");
    if (const auto name = text_at(node, "name", true)) {
      if (const auto checked = check(node["name"], check_name(*name))) definition.name = *checked;
      if (!names_.insert(*name).second)
        problem(node["name"], "there is another metric '" + *name + "'");
    }
    if (derived) {
      derived_.emplace_back(std::move(definition), node);
      return;
    }
    read_aggregate(node, definition);
    read_unit(node, definition);
    read_times(node, definition);
    read_sources(node, definition);
    definition.hash = identity_of(definition);
    definitions_.push_back(std::move(definition));
  }

  void read_aggregate(const YAML::Node& node, MetricDefinition& definition) {
    if (const auto name = text_at(node, "aggregate", true)) {
      if (const auto kind = check(node["aggregate"], check_aggregate(*name)))
        definition.aggregate = *kind;
    }
    if (const YAML::Node quantile = node["quantile"]) {
      if (definition.aggregate != AggregateKind::quantile)
        problem(quantile, "'quantile' is only for 'aggregate: quantile'");
      const auto share = events::parse_money(text_at(node, "quantile").value_or(""));
      if (!share || share->value() < 0 || share->value() > 1'000'000) {
        problem(quantile, "'quantile' must be a number from 0 to 1");
      } else {
        definition.quantile = share->value();
      }
    } else if (definition.aggregate == AggregateKind::quantile) {
      problem(node, "'aggregate: quantile' needs 'quantile', a number from 0 to 1");
    }
  }

  /// The value decides the unit; a declared one must agree.
  void read_unit(const YAML::Node& node, MetricDefinition& definition) {
    const std::string value = text_at(node, "value").value_or("");
    const auto declared = text_at(node, "unit");
    const auto unit =
        check(node["unit"] ? node["unit"] : node, unit_of(definition.aggregate, value, declared));
    if (unit) definition.unit = *unit;
    definition.millionths = definition.unit == Unit::money || definition.unit == Unit::number;
  }

  void read_times(const YAML::Node& node, MetricDefinition& definition) {
    if (const auto settle = text_at(node, "settle")) {
      if (const auto time = check(node["settle"], parse_duration(*settle)))
        definition.settle = *time;
      if (definition.aggregate != AggregateKind::count &&
          definition.aggregate != AggregateKind::sum) {
        problem(node["settle"],
                "'settle' is only for 'count' and 'sum': the young part is subtracted");
      }
    }
    const YAML::Node retention = node["retention"];
    if (!retention) return;
    if (!retention.IsMap()) {
      problem(retention, "'retention' must be a map of 1m, 1h, 1d to durations");
      return;
    }
    check_keys(retention, {"1m", "1h", "1d"}, "'retention'");
    for (const Grain grain : all_grains) {
      const std::string key(name_of(grain));
      if (const auto text = text_at(retention, key.c_str())) {
        if (const auto time = check(retention[key], parse_duration(*text))) {
          definition.retention.kept[static_cast<std::size_t>(grain)] = *time;
        }
      }
    }
  }

  void read_sources(const YAML::Node& node, MetricDefinition& definition) {
    GrainSet grains = GrainSet::all();
    if (node["grains"]) grains = read_grains(node["grains"]);
    MetricSource main = read_source(node, definition, grains);
    main.sets.insert(main.sets.begin(), {with_currency({}, definition), grains});
    check_sets(node, main, definition);
    definition.sources.push_back(std::move(main));
    read_bounds(node, definition);
    const YAML::Node breakdowns = node["breakdowns"];
    if (!breakdowns) return;
    if (!breakdowns.IsSequence()) {
      problem(breakdowns,
              "'breakdowns' must be a list of maps with the keys " + joined(breakdown_keys));
      return;
    }
    for (const YAML::Node& each : breakdowns) {
      if (!each.IsMap()) {
        problem(each, "a breakdown must be a map with the keys " + joined(breakdown_keys));
        continue;
      }
      check_keys(each, breakdown_keys, "a breakdown");
      MetricSource source = read_source(each, definition, grains);
      check_sets(each, source, definition);
      definition.sources.push_back(std::move(source));
    }
  }

  MetricSource read_source(const YAML::Node& node, const MetricDefinition& definition,
                           GrainSet grains) {
    MetricSource source;
    bool known = false;
    if (const auto from = text_at(node, "from", true)) {
      if (const auto kind = check(node["from"], check_fact_kind(*from))) {
        source.from = *kind;
        known = true;
      }
    }
    if (known && is_restated(source.from) && !is_group(definition.aggregate)) {
      problem(node["from"],
              "'" + std::string(name_of(source.from)) +
                  "' are restated when late events change them, and '" +
                  std::string(name_of(definition.aggregate)) +
                  "' cannot take a value back; allowed: count, sum, quantile, histogram");
    }
    if (const auto where = text_at(node, "where")) {
      if (auto filter = check(node["where"], Filter::parse(*where))) {
        if (known) check(node["where"], check_operands(*filter, source.from));
        source.where = std::move(*filter);
      }
    }
    const auto value = text_at(node, "value");
    const auto checked = check_value(definition.aggregate, source.from, value.value_or(""));
    if (auto taken = check(node["value"] ? node["value"] : node, checked))
      source.value = std::move(*taken);
    read_sets(node["dimensions"], definition, grains, source);
    return source;
  }

  void read_sets(const YAML::Node& list, const MetricDefinition& definition, GrainSet grains,
                 MetricSource& source) {
    if (!list) return;
    if (!list.IsSequence()) {
      problem(list,
              "'dimensions' must be a list; an entry is a dimension, a list of them, or {by: …, "
              "grains: […]}");
      return;
    }
    for (const YAML::Node& entry : list) {
      StoredSet set{{}, grains};
      const YAML::Node by = entry.IsMap() ? entry["by"] : entry;
      if (entry.IsMap()) {
        check_keys(entry, {"by", "grains"}, "an entry of 'dimensions'");
        if (entry["grains"]) set.grains = read_grains(entry["grains"]);
      }
      if (by && by.IsScalar()) {
        read_dimension(by, source.from, set.dimensions);
      } else if (by && by.IsSequence() && by.size() > 0) {
        for (const YAML::Node& name : by) read_dimension(name, source.from, set.dimensions);
      } else {
        problem(entry,
                "an entry of 'dimensions' is a dimension, a list of them, or {by: …, grains: […]}");
        continue;
      }
      set.dimensions = with_currency(set.dimensions, definition);
      source.sets.push_back(set);
    }
  }

  void read_dimension(const YAML::Node& node, FactKind from, DimensionSet& set) {
    const std::string name = node.IsScalar() ? node.Scalar() : "";
    if (const auto dimension = check(node, check_dimension(name, from))) set.insert(*dimension);
  }

  static DimensionSet with_currency(DimensionSet set, const MetricDefinition& definition) {
    if (definition.unit == Unit::money) set.insert(Dimension::currency);
    return set;
  }

  void check_sets(const YAML::Node& node, const MetricSource& source,
                  const MetricDefinition& definition) {
    const YAML::Node place = node["dimensions"] ? node["dimensions"] : node;
    std::set<DimensionSet> seen;
    for (const StoredSet& set : source.sets) {
      if (!seen.insert(set.dimensions).second)
        problem(place, "'" + to_string(set.dimensions) + "' is there twice");
      if (set.dimensions.size() > max_dimensions_together) {
        problem(place, "'" + to_string(set.dimensions) +
                           "' has too many dimensions; at most 4 stand together");
      }
      if (definition.settle > Milliseconds(0) && !set.grains.contains(Grain::minute)) {
        problem(place, "a metric that settles needs the grain 1m for every set of dimensions");
      }
    }
  }

  GrainSet read_grains(const YAML::Node& node) {
    GrainSet grains;
    if (node.IsSequence()) {
      for (const YAML::Node& each : node) {
        const auto grain = each.IsScalar() ? grain_named(each.Scalar()) : std::nullopt;
        if (grain) {
          grains.insert(*grain);
        } else {
          problem(each, "'" + (each.IsScalar() ? each.Scalar() : "") +
                            "' is no grain; allowed: 1m, 1h, 1d");
        }
      }
    }
    if (grains.empty()) problem(node, "'grains' must be a list of at least one of 1m, 1h, 1d");
    return grains;
  }

  void read_bounds(const YAML::Node& node, MetricDefinition& definition) {
    const YAML::Node bounds = node["bounds"];
    if (definition.aggregate != AggregateKind::histogram) {
      if (bounds) problem(bounds, "'bounds' is only for 'aggregate: histogram'");
      return;
    }
    if (!bounds || !bounds.IsSequence() || bounds.size() == 0 || bounds.size() > max_bounds) {
      problem(bounds ? bounds : node, "a histogram needs 'bounds', a list of 1 to 256 numbers");
      return;
    }
    const ValueSource& value = definition.sources[0].value;
    for (const YAML::Node& each : bounds) {
      const auto number = each.IsScalar() ? parse_value(value, each.Scalar()) : std::nullopt;
      if (!number || (!definition.bounds.empty() && *number <= definition.bounds.back())) {
        problem(each, "'bounds' must be ascending numbers that fit the value");
        return;
      }
      definition.bounds.push_back(*number);
    }
  }

  /// A derived metric: its operands must be there, and fit each other.
  void resolve(MetricDefinition& definition, const YAML::Node& node) {
    const YAML::Node place = node["derive"];
    const auto text = text_at(node, "derive", true);
    if (!text) return;
    auto derivation = check(place, parse_derivation(*text));
    if (!derivation) return;
    for (auto* side : {&derivation->numerator, &derivation->denominator}) {
      if (!expand(*side, definition.name, place)) return;
    }
    const auto unit = check(
        place, unit_of(*derivation, [this](std::string_view name) { return find_stored(name); }));
    if (!unit) return;
    definition.unit = *unit;
    definition.millionths = *unit != Unit::count && *unit != Unit::milliseconds;
    std::string identity = definition.name + '|' + to_string(*derivation);
    for (const auto* side : {&derivation->numerator, &derivation->denominator}) {
      for (const auto& term : *side) identity += '|' + find_stored(term.metric)->hash;
    }
    definition.hash = to_hex(hash64(identity));
    definition.derivation = std::move(*derivation);
  }

  /// Replaces derived metrics among `terms` by what they are sums of.
  bool expand(std::vector<Derivation::Term>& terms, const std::string& name,
              const YAML::Node& place) {
    std::vector<Derivation::Term> expanded;
    for (const auto& term : terms) {
      if (!expand_term(term, name, place, 0, expanded)) return false;
    }
    terms = std::move(expanded);
    return true;
  }

  bool expand_term(const Derivation::Term& term, const std::string& name, const YAML::Node& place,
                   int depth, std::vector<Derivation::Term>& expanded) {
    if (find_stored(term.metric) != nullptr) {
      expanded.push_back(term);
      return true;
    }
    for (const auto& [other, node] : derived_) {
      if (other.name != term.metric) continue;
      const auto inner = node["derive"].IsScalar() ? parse_derivation(node["derive"].Scalar())
                                                   : Result<Derivation>();
      if (!inner) return false;
      if (depth > 8 || term.metric == name || !inner->denominator.empty()) {
        problem(place, "'" + term.metric +
                           "' cannot be used here: it is a ratio, or leads back to itself");
        return false;
      }
      for (const auto& [metric, sign] : inner->numerator) {
        if (!expand_term({metric, sign * term.sign}, name, place, depth + 1, expanded))
          return false;
      }
      return true;
    }
    problem(place, "'" + term.metric + "' is no metric of this document");
    return false;
  }

  const MetricDefinition* find_stored(std::string_view name) const {
    for (const MetricDefinition& each : definitions_) {
      if (each.name == name && !each.derived()) return &each;
    }
    return nullptr;
  }

  std::string file_;
  GrainRetention defaults_;
  std::vector<MetricDefinition> definitions_;
  std::vector<std::pair<MetricDefinition, YAML::Node>> derived_;
  std::set<std::string> names_;
  std::vector<std::pair<int, std::string>> problems_;
};

}  // namespace

Result<std::vector<MetricDefinition>> read_definitions(std::string_view yaml, std::string_view file,
                                                       const GrainRetention& defaults) {
  try {
    return DefinitionReader(file, defaults).read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    return fail(
        ErrorCode::invalid_argument,
        std::string(file) + ':' + std::to_string(error.mark.line + 1) + ": not YAML: " + error.msg);
  }
}

}  // namespace bytebasket::metrics
