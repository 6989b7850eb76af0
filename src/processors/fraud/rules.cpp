#include "processors/fraud/rules.hpp"

#include <algorithm>
#include <cstdlib>

namespace bytebasket::processors::fraud {
namespace {

constexpr std::int64_t one = 1'000'000;
constexpr std::int64_t highest_score = 100;

/// A number for people: no decimals that say nothing.
std::string shortest(std::int64_t millionths) {
  std::string text;
  events::append_money_shortest(text, events::Micros(millionths));
  return text;
}

/// Of a number that is no money people want the first digits: hundredths, from ten on tenths.
std::int64_t rounded(std::int64_t millionths) {
  const std::int64_t unit = std::abs(millionths) < 10 * one ? one / 100 : one / 10;
  const std::int64_t half = millionths < 0 ? -unit / 2 : unit / 2;
  const std::int64_t rest = millionths % unit;
  return millionths - rest + (rest + half) / unit * unit;
}

std::string shown(const Operand& operand, const Facts& facts) {
  if (operand.type == ValueType::text) {
    const std::string_view text = text_of(operand, facts);
    return text.empty() ? "unknown" : std::string(text);
  }
  const auto number = number_of(operand, facts);
  if (!number) return "unknown";
  if (operand.type == ValueType::money)
    return shortest(*number) + " " + facts.attempt.currency_text;
  const bool bound =
      operand.kind == Operand::Kind::feature && facts.features[operand.index].lower_bound;
  return (bound ? "at least " : "") + shortest(rounded(*number));
}

Reading reading_of(const Feature& feature, const FeatureValue& value) {
  const bool decimal = feature.aggregate == Aggregate::sum || feature.aggregate == Aggregate::ratio;
  std::optional<std::int64_t> number = value.value;
  if (number && !decimal) *number -= *number % one;  // an age in whole seconds
  return {feature.name, number, decimal, value.lower_bound};
}

}  // namespace

std::string ReasonTemplate::fill(const Facts& facts) const {
  std::string text;
  for (const auto& part : parts_) {
    if (const auto* fixed = std::get_if<std::string>(&part)) {
      text += *fixed;
    } else {
      text += shown(std::get<Operand>(part), facts);
    }
  }
  return text;
}

Result<ReasonTemplate> ReasonTemplate::compile(std::string_view text,
                                               const Vocabulary& vocabulary) {
  ReasonTemplate compiled;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    if (open != 0) compiled.parts_.emplace_back(std::string(text.substr(0, open)));
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos)
      return fail(ErrorCode::invalid_argument, "a '{' is not closed by '}'");
    const std::string_view name = text.substr(open + 1, close - open - 1);
    auto operand = named(name, vocabulary);
    if (!operand) {
      return fail(ErrorCode::invalid_argument,
                  "unknown name '" + std::string(name) +
                      "' in {}; allowed are features, amounts and the fields " +
                      attempt_field_names());
    }
    compiled.parts_.emplace_back(std::move(*operand));
    text.remove_prefix(close + 1);
  }
  return compiled;
}

Assessment RuleSet::assess(const Attempt& attempt, const PastAttempt& remembered,
                           const Velocities& velocities) const {
  std::vector<FeatureValue> values;
  values.reserve(features_.size());
  for (const Feature& feature : features_)
    values.push_back(value_of(feature, attempt, remembered, velocities));

  const Facts facts{attempt, values, amounts_};
  Assessment result;
  bool declined = false;
  for (const Rule& rule : rules_) {
    if (rule.when.evaluate(facts) != Truth::yes) continue;
    result.reasons.push_back({rule.name, rule.score, rule.reason.fill(facts)});
    result.score += rule.score;
    declined = declined || rule.decline;
  }
  result.score = std::clamp<std::int64_t>(result.score, 0, highest_score);
  if (declined) result.score = std::max(result.score, decline_);
  if (result.score >= review_) result.verdict = Verdict::review;
  if (result.score >= decline_) result.verdict = Verdict::decline;
  result.rules_version = version_;
  result.readings.reserve(features_.size());
  for (std::size_t i = 0; i < features_.size(); ++i)
    result.readings.push_back(reading_of(features_[i], values[i]));
  return result;
}

}  // namespace bytebasket::processors::fraud
