// fraud.yml → RuleSet, with all its mistakes at once.
#include <algorithm>
#include <array>
#include <initializer_list>

#include <yaml-cpp/yaml.h>

#include "base/hash.hpp"
#include "base/names.hpp"
#include "documents/reader.hpp"
#include "processors/fraud/rules.hpp"

namespace bytebasket::processors::fraud {
namespace {

constexpr std::array<std::string_view, 7> aggregate_names = {
    "count", "sum", "distinct", "matching", "ratio", "age", "labelled_fraud"};
constexpr std::int64_t most_entries = 100'000;

bool is_name(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

class RulesReader {
 public:
  explicit RulesReader(std::string_view file) : yaml_(file) {}

  Result<std::shared_ptr<const RuleSet>> read(std::string_view document, std::string_view version) {
    yaml_.read(document, [this](const YAML::Node& root) { read_all(root); });
    BB_RETURN_IF_ERROR(yaml_.outcome());
    rules_.version_ = version.empty() ? to_hex(hash64(document)) : std::string(version);
    return std::make_shared<const RuleSet>(std::move(rules_));
  }

 private:
  void read_all(const YAML::Node& root) {
    if (!keys(root, "the document", {"decide", "velocity", "amounts", "features", "rules"})) return;
    read_decide(root["decide"]);
    read_velocity(root["velocity"]);
    if (const auto amounts = root["amounts"]; amounts && yaml_.map(amounts, "amounts")) {
      for (const auto& amount : amounts) read_amount(amount.first, amount.second);
    }
    if (const auto features = root["features"]; features && yaml_.list(features, "features")) {
      for (const YAML::Node& feature : features) read_feature(feature);
    }
    if (const auto rules = root["rules"]; rules && yaml_.list(rules, "rules")) {
      for (const YAML::Node& rule : rules) read_rule(rule);
    }
  }

  void wrong(const YAML::Node& where, std::string message) {
    yaml_.wrong(where, std::move(message));
  }

  /// A map that has no keys but these.
  bool keys(const YAML::Node& node, std::string_view what,
            std::initializer_list<std::string_view> allowed) {
    if (!yaml_.map(node, what)) return false;
    yaml_.keys(node, what, allowed);
    return true;
  }

  std::int64_t whole(const YAML::Node& node, std::string_view what, std::int64_t least,
                     std::int64_t most, std::int64_t otherwise) {
    return node ? yaml_.whole(node, what, least, most).value_or(otherwise) : otherwise;
  }

  /// The text of a member that must be there.
  std::string text(const YAML::Node& parent, const char* key, std::string_view what) {
    const YAML::Node node = parent[key];
    if (node && node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
    wrong(node ? node : parent, std::string(what) + " needs a text `" + key + "`");
    return {};
  }

  void read_decide(const YAML::Node& node) {
    if (!node || !keys(node, "decide", {"review", "decline"})) return;
    rules_.review_ = whole(node["review"], "review", 1, 100, rules_.review_);
    rules_.decline_ = whole(node["decline"], "decline", 1, 100, rules_.decline_);
    if (rules_.review_ > rules_.decline_) wrong(node, "review must not be above decline");
  }

  void read_velocity(const YAML::Node& node) {
    if (!node || !keys(node, "velocity", {"entries"})) return;
    rules_.velocity_entries_ =
        static_cast<std::size_t>(whole(node["entries"], "entries", 1, most_entries, 2000));
  }

  /// A name that nothing has yet.
  bool claim(const std::string& name, const YAML::Node& where, std::string_view what) {
    if (name.empty()) return false;
    if (!is_name(name)) {
      wrong(where,
            std::string(what) + " '" + name +
                "': a name starts with a lower-case letter and has only those, digits, _ and .");
      return false;
    }
    constexpr std::array<std::string_view, 5> words = {"and", "or", "not", "in", "known"};
    if (named(name, vocabulary()) || std::find(words.begin(), words.end(), name) != words.end()) {
      wrong(where, std::string(what) + " '" + name + "': the name is taken");
      return false;
    }
    return true;
  }

  void read_amount(const YAML::Node& key, const YAML::Node& node) {
    NamedAmount amount{key.Scalar(), {}};
    if (!claim(amount.name, key, "amount") || !yaml_.map(node, "amount '" + amount.name + "'"))
      return;
    for (const auto& entry : node) {
      const auto currency = events::Currency::parse(entry.first.Scalar());
      const auto micros = events::parse_money(entry.second.IsScalar() ? entry.second.Scalar() : "");
      if (currency && micros) {
        amount.by_currency.emplace_back(currency->bits(), micros->value());
      } else {
        wrong(entry.first,
              "amount '" + amount.name +
                  "' needs lines such as `EUR: 5`, a currency of three letters and a number");
      }
    }
    rules_.amounts_.push_back(std::move(amount));
  }

  void read_feature(const YAML::Node& node) {
    if (!keys(node, "a feature", {"name", "entity", "aggregate", "window", "of", "status"})) return;
    Feature feature;
    feature.name = text(node, "name", "a feature");
    const std::string what = "feature '" + feature.name + "'";
    const bool free = claim(feature.name, node, "feature");
    const std::string entity = text(node, "entity", what);
    if (const auto parsed = parse_entity(entity)) {
      feature.entity = *parsed;
    } else if (!entity.empty()) {
      wrong(node["entity"],
            what + ": unknown entity '" + entity + "'; allowed are customer, card, device, ip");
    }
    read_aggregate(node, what, feature);
    read_window(node, what, feature);
    if (const auto status = node["status"]; status) {
      feature.failed_only = status.Scalar() == "failed";
      if (!feature.failed_only) wrong(status, what + ": status can only be failed");
    }
    if (free) rules_.features_.push_back(std::move(feature));
  }

  void read_aggregate(const YAML::Node& node, const std::string& what, Feature& feature) {
    const std::string name = text(node, "aggregate", what);
    const auto aggregate = member_named<Aggregate>(aggregate_names, name);
    if (!aggregate) {
      if (!name.empty())
        wrong(node["aggregate"],
              what + ": unknown aggregate '" + name + "'; allowed are " + joined(aggregate_names));
      return;
    }
    feature.aggregate = *aggregate;
    const bool needs_of =
        feature.aggregate == Aggregate::distinct || feature.aggregate == Aggregate::matching;
    const YAML::Node of = node["of"];
    if (!needs_of) {
      if (of) wrong(of, what + ": `of` is only for distinct and matching");
      return;
    }
    const auto attribute = of && of.IsScalar() ? parse_attribute(of.Scalar()) : std::nullopt;
    if (attribute) {
      feature.of = *attribute;
    } else {
      wrong(of ? of : node, what + " needs `of`: customer, card, device, ip or country");
    }
  }

  void read_window(const YAML::Node& node, const std::string& what, Feature& feature) {
    const bool timeless =
        feature.aggregate == Aggregate::age || feature.aggregate == Aggregate::labelled_fraud;
    const YAML::Node window = node["window"];
    if (timeless) {
      if (window) wrong(window, what + ": age and labelled_fraud have no window");
      return;
    }
    const auto parsed = parse_duration(window && window.IsScalar() ? window.Scalar() : "");
    if (parsed && *parsed > Milliseconds(0) && *parsed <= longest_window) {
      feature.window = *parsed;
    } else {
      wrong(window ? window : node,
            what + " needs a `window` from 1ms to 30d, such as 10m, 1h, 24h, 7d");
    }
  }

  void read_rule(const YAML::Node& node) {
    if (!keys(node, "a rule", {"name", "when", "score", "decline", "reason"})) return;
    Rule rule;
    rule.name = text(node, "name", "a rule");
    const std::string what = "rule '" + rule.name + "'";
    const auto same = [&](const Rule& other) { return other.name == rule.name; };
    if (!rule.name.empty() && std::any_of(rules_.rules_.begin(), rules_.rules_.end(), same)) {
      wrong(node, what + " is declared twice");
    }
    const std::string when = text(node, "when", what);
    if (!when.empty())
      take(Expression::compile(when, vocabulary()), rule.when, node["when"], what + ", when");
    const std::string reason = text(node, "reason", what);
    if (!reason.empty())
      take(ReasonTemplate::compile(reason, vocabulary()), rule.reason, node["reason"],
           what + ", reason");
    rule.score = whole(node["score"], "score", -100, 100, 0);
    if (const auto decline = node["decline"])
      rule.decline = yaml_.truth(decline, what + ": decline").value_or(false);
    if (!node["score"] && !rule.decline)
      wrong(node, what + " needs a `score` (-100 to 100) or `decline: true`");
    rules_.rules_.push_back(std::move(rule));
  }

  template <typename T>
  void take(Result<T> compiled, T& into, const YAML::Node& where, const std::string& what) {
    if (compiled) {
      into = std::move(*compiled);
    } else {
      wrong(where, what + ", " + compiled.error().message);
    }
  }

  [[nodiscard]] Vocabulary vocabulary() {
    return {rules_.features_, rules_.amounts_, rules_.properties_};
  }

  documents::Reader yaml_;
  RuleSet rules_;
};

Result<std::shared_ptr<const RuleSet>> RuleSet::compile(std::string_view document,
                                                        std::string_view file,
                                                        std::string_view version) {
  return RulesReader(file).read(document, version);
}

}  // namespace bytebasket::processors::fraud
