#include "analytics/metric_values.hpp"

#include <algorithm>

namespace bytebasket::analytics {
namespace {

using metrics::Aggregate;
using metrics::Int128;
using metrics::MetricDefinition;
using metrics::Unit;

constexpr Int128 million = 1'000'000;

std::string integer_text(Int128 number) {
  const bool negative = number < 0;
  auto rest =
      negative ? -static_cast<metrics::UInt128>(number) : static_cast<metrics::UInt128>(number);
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest > 0);
  if (negative) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

/// Millionths with all six decimals.
std::string decimal_text(Int128 millionths) {
  const bool negative = millionths < 0;
  const Int128 magnitude = negative ? -millionths : millionths;
  std::string decimals = integer_text(magnitude % million);
  decimals.insert(0, 6 - decimals.size(), '0');
  return (negative ? "-" : "") + integer_text(magnitude / million) + '.' + decimals;
}

/// Fixed-point numbers that are no money: without trailing zeros.
std::string shortest_text(Int128 millionths) {
  std::string text = decimal_text(millionths);
  text.resize(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string number_text(Unit unit, bool millionths, Int128 number) {
  if (unit == Unit::money || unit == Unit::ratio) return decimal_text(number);
  return millionths ? shortest_text(number) : integer_text(number);
}

/// A bucket is below its `le`; the last has none.
std::string histogram_text(const MetricDefinition& definition,
                           const metrics::Histogram& histogram) {
  std::string text = "[";
  for (std::size_t i = 0; i <= definition.bounds.size(); ++i) {
    const std::int64_t count = i < histogram.counts.size() ? histogram.counts[i] : 0;
    const std::string bound = i == definition.bounds.size()
                                  ? "null"
                                  : (definition.millionths ? shortest_text(definition.bounds[i])
                                                           : integer_text(definition.bounds[i]));
    text +=
        (i == 0 ? "" : ",") + ("{\"below\":" + bound + ",\"count\":" + std::to_string(count) + '}');
  }
  return text + ']';
}

/// The aggregate as one number; nullopt where there is none.
std::optional<Int128> number_of(const MetricDefinition& definition, const Aggregate& aggregate) {
  if (const auto* sum = std::get_if<metrics::Sum>(&aggregate.state())) return sum->total;
  if (const auto* sketch = std::get_if<metrics::QuantileSketch>(&aggregate.state())) {
    const auto value = sketch->quantile(definition.quantile);
    return value ? std::optional<Int128>(*value) : std::nullopt;
  }
  if (const auto* histogram = std::get_if<metrics::Histogram>(&aggregate.state())) {
    Int128 total = 0;
    for (const std::int64_t count : histogram->counts) total += count;
    return total;
  }
  const auto integer = aggregate.integer();
  return integer ? std::optional<Int128>(*integer) : std::nullopt;
}

std::map<CellPlace, Int128> add_up(const std::vector<metrics::Derivation::Term>& terms,
                                   const metrics::MetricCatalogue& catalogue,
                                   const std::map<std::string, MetricCells>& operands) {
  std::map<CellPlace, Int128> sums;
  for (const auto& term : terms) {
    const MetricDefinition& definition = *catalogue.find(term.metric);
    for (const auto& [place, aggregate] : operands.at(term.metric)) {
      if (const auto number = number_of(definition, aggregate)) sums[place] += term.sign * *number;
    }
  }
  return sums;
}

bool in_millionths(const std::vector<metrics::Derivation::Term>& terms,
                   const metrics::MetricCatalogue& catalogue) {
  return !terms.empty() && catalogue.find(terms[0].metric)->millionths;
}

}  // namespace

MetricValues values_of(const MetricDefinition& definition, const MetricCells& cells) {
  MetricValues values;
  for (const auto& [place, aggregate] : cells) {
    const auto number = number_of(definition, aggregate);
    if (!number) continue;
    const auto* histogram = std::get_if<metrics::Histogram>(&aggregate.state());
    values.emplace_hint(
        values.end(), place,
        MetricValue{*number, histogram != nullptr
                                 ? histogram_text(definition, *histogram)
                                 : number_text(definition.unit, definition.millionths, *number)});
  }
  return values;
}

MetricValues derive(const MetricDefinition& definition, const metrics::MetricCatalogue& catalogue,
                    const std::map<std::string, MetricCells>& operands) {
  const auto& [numerator, denominator] = *definition.derivation;
  const auto above = add_up(numerator, catalogue, operands);
  MetricValues values;
  if (denominator.empty()) {
    for (const auto& [place, number] : above) {
      values.emplace_hint(
          values.end(), place,
          MetricValue{number, number_text(definition.unit, definition.millionths, number)});
    }
    return values;
  }
  // The quotient is wanted in millionths, whatever the two are in.
  const Int128 scale_above = in_millionths(numerator, catalogue) ? 1 : million;
  const Int128 scale_below = in_millionths(denominator, catalogue) ? million : 1;
  for (const auto& [place, below] : add_up(denominator, catalogue, operands)) {
    if (below == 0) continue;
    const auto found = above.find(place);
    const Int128 sum = found == above.end() ? 0 : found->second;
    const Int128 quotient = metrics::divide_half_even(sum * scale_above * scale_below, below);
    values.emplace_hint(values.end(), place, MetricValue{quotient, decimal_text(quotient)});
  }
  return values;
}

}  // namespace bytebasket::analytics
