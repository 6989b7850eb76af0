// docs/reference/metrics.md says what config/metrics.yml declares. When it no longer does, this
// test writes what it should say beside itself and names the file.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "analytics/metric_choice.hpp"
#include "metrics/derivation.hpp"
#include "metrics/fields.hpp"

namespace bytebasket::analytics {
namespace {

using metrics::Grain;
using metrics::MetricCatalogue;
using metrics::MetricDefinition;
using metrics::StoredSet;

constexpr std::string_view introduction = R"(# Built-in metrics

What `config/metrics.yml` declares, as `GET /api/v1/metrics/{name}` and `bytebasket query NAME` answer it. Every metric has
its total too (money by currency). A question may name the dimensions of a column together where they are written together,
and any part of them. *1h* after a dimension: kept by the hour and the day, not by the minute. How to add your own:
[Declaring metrics](../guides/declaring-metrics.md).

A test keeps this page equal to the declarations.

| metric | unit | counted from | dimensions | what it is |
|---|---|---|---|---|
)";

std::string escaped(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

std::string origin_of(const MetricDefinition& definition) {
  if (definition.derived()) return "`" + to_string(*definition.derivation) + "`";
  std::string origin;
  for (const auto& source : definition.sources) {
    origin += (origin.empty() ? "" : "; by line: ") + std::string(name_of(source.from));
  }
  return origin;
}

std::string dimensions_of(const MetricDefinition& definition, const MetricCatalogue& catalogue) {
  std::string list;
  for (const StoredSet& set : answerable_sets(definition, catalogue)) {
    std::string names;
    for (const auto dimension : set.dimensions.members()) {
      const bool implied =
          dimension == metrics::Dimension::currency && definition.unit == metrics::Unit::money;
      if (!implied) names += (names.empty() ? "" : " + ") + std::string(name_of(dimension));
    }
    if (names.empty()) continue;
    list +=
        (list.empty() ? "" : ", ") + names + (set.grains.contains(Grain::minute) ? "" : " *1h*");
  }
  return list;
}

std::string reference_page() {
  auto definitions =
      metrics::read_definitions(metrics::built_in_document(), "config/metrics.yml").value();
  const MetricCatalogue catalogue(std::move(definitions));
  std::string page(introduction);
  for (const MetricDefinition& each : catalogue.all()) {
    page += "| `" + each.name + "` | " + std::string(name_of(each.unit)) + " | " + origin_of(each) +
            " | " + dimensions_of(each, catalogue) + " | " + escaped(each.help) + " |\n";
  }
  return page;
}

TEST(MetricReference, SaysWhatIsDeclared) {
  std::ifstream file(std::string(BYTEBASKET_SOURCE_DIR) + "/docs/reference/metrics.md");
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::string expected = reference_page();
  if (page != expected) std::ofstream("metrics.md") << expected;
  EXPECT_TRUE(page == expected)
      << "copy metrics.md from the folder this ran in to docs/reference/metrics.md";
}

}  // namespace
}  // namespace bytebasket::analytics
