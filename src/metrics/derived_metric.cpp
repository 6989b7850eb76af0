#include "metrics/derived_metric.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "metrics/definition_checks.hpp"
#include "metrics/derivation.hpp"

namespace bytebasket::metrics {
namespace {

using Terms = std::vector<Derivation::Term>;

constexpr int deepest = 8;

class Expansion {
 public:
  Expansion(const std::string& name, std::span<const MetricDefinition> stored,
            std::span<const DerivedMetric> derived)
      : name_(name), stored_(stored), derived_(derived) {}

  [[nodiscard]] const MetricDefinition* find_stored(std::string_view name) const {
    const auto found = std::ranges::find(stored_, name, &MetricDefinition::name);
    return found == stored_.end() ? nullptr : &*found;
  }

  /// Derived metrics among `terms` replaced by what they are sums of.
  [[nodiscard]] Result<Terms> expand(const Terms& terms) const {
    Terms expanded;
    for (const auto& term : terms) BB_RETURN_IF_ERROR(expand_term(term, 0, expanded));
    return expanded;
  }

 private:
  Status expand_term(const Derivation::Term& term, int depth, Terms& expanded) const {
    if (find_stored(term.metric) != nullptr) {
      expanded.push_back(term);
      return ok();
    }
    const auto inner = std::ranges::find_if(
        derived_, [&](const DerivedMetric& other) { return other.definition.name == term.metric; });
    if (inner == derived_.end()) {
      return fail(ErrorCode::invalid_argument,
                  "'" + term.metric + "' is no metric of this document");
    }
    if (!inner->written) return refuse(term, "it is none itself");
    if (depth > deepest || term.metric == name_ || !inner->written->denominator.empty())
      return refuse(term, "it is a ratio, or leads back to itself");
    for (const auto& [metric, sign] : inner->written->numerator)
      BB_RETURN_IF_ERROR(expand_term({metric, sign * term.sign}, depth + 1, expanded));
    return ok();
  }

  static Status refuse(const Derivation::Term& term, const char* reason) {
    return fail(ErrorCode::invalid_argument,
                "'" + term.metric + "' cannot be used here: " + reason);
  }

  const std::string& name_;
  std::span<const MetricDefinition> stored_;
  std::span<const DerivedMetric> derived_;
};

}  // namespace

Result<MetricDefinition> resolve(const DerivedMetric& metric,
                                 std::span<const MetricDefinition> stored,
                                 std::span<const DerivedMetric> derived) {
  MetricDefinition definition = metric.definition;
  const Expansion expansion(definition.name, stored, derived);
  Derivation derivation;
  BB_ASSIGN_OR_RETURN(derivation.numerator, expansion.expand(metric.written->numerator));
  BB_ASSIGN_OR_RETURN(derivation.denominator, expansion.expand(metric.written->denominator));
  const auto find = [&](std::string_view name) { return expansion.find_stored(name); };
  BB_ASSIGN_OR_RETURN(definition.unit, unit_of(derivation, find));
  definition.millionths = definition.unit != Unit::count && definition.unit != Unit::milliseconds;
  std::string identity = definition.name + '|' + to_string(derivation);
  for (const Terms* side : {&derivation.numerator, &derivation.denominator}) {
    for (const auto& term : *side) identity += '|' + find(term.metric)->hash;
  }
  definition.hash = to_hex(hash64(identity));
  definition.derivation = std::move(derivation);
  return definition;
}

}  // namespace bytebasket::metrics
