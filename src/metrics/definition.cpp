#include "metrics/definition.hpp"

#include <algorithm>
#include <array>

namespace bytebasket::metrics {

std::string_view name_of(Unit unit) {
  static constexpr std::array<std::string_view, 5> names = {"count", "money", "ratio",
                                                            "milliseconds", "number"};
  return names[static_cast<std::size_t>(unit)];
}

MetricCatalogue::MetricCatalogue(std::vector<MetricDefinition> definitions)
    : definitions_(std::move(definitions)) {
  std::sort(definitions_.begin(), definitions_.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
}

const MetricDefinition* MetricCatalogue::find(std::string_view name) const {
  const auto found = std::lower_bound(
      definitions_.begin(), definitions_.end(), name,
      [](const MetricDefinition& each, std::string_view wanted) { return each.name < wanted; });
  return found != definitions_.end() && found->name == name ? &*found : nullptr;
}

}  // namespace bytebasket::metrics
