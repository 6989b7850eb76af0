#include "metrics/definition.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/derivation.hpp"

namespace bytebasket::metrics {
namespace {

using testing::HasSubstr;

std::vector<MetricDefinition> read(std::string_view yaml) {
  auto definitions = read_definitions(yaml, "metrics.yml");
  EXPECT_TRUE(definitions) << definitions.error().message;
  return definitions ? *definitions : std::vector<MetricDefinition>();
}

std::string problems_of(std::string_view yaml) {
  const auto definitions = read_definitions(yaml, "metrics.yml");
  return definitions ? "" : definitions.error().message;
}

TEST(BuiltInDefinitions, HaveEveryNameOfTheContract) {
  const MetricCatalogue catalogue(read(built_in_document()));
  for (const char* name : {"events",
                           "visitors",
                           "sessions",
                           "product_views",
                           "adds_to_cart",
                           "checkouts",
                           "orders",
                           "revenue",
                           "refunds",
                           "cancellations",
                           "net_revenue",
                           "average_order_value",
                           "conversion",
                           "cart_abandonment",
                           "carts",
                           "searches",
                           "units_sold",
                           "sessions_with_product_view",
                           "sessions_with_add_to_cart",
                           "sessions_with_checkout",
                           "sessions_with_order"}) {
    EXPECT_NE(catalogue.find(name), nullptr) << name;
  }
  EXPECT_EQ(catalogue.find("nothing"), nullptr);
}

TEST(BuiltInDefinitions, GiveMoneyItsCurrencyEverywhere) {
  for (const MetricDefinition& definition : read(built_in_document())) {
    if (definition.unit != Unit::money) continue;
    for (const MetricSource& source : definition.sources) {
      for (const StoredSet& set : source.sets)
        EXPECT_TRUE(set.dimensions.contains(Dimension::currency)) << definition.name;
    }
  }
}

TEST(BuiltInDefinitions, HaveDifferentIdentities) {
  std::set<std::string> hashes;
  for (const MetricDefinition& definition : read(built_in_document())) {
    EXPECT_EQ(definition.hash.size(), 16U);
    EXPECT_TRUE(hashes.insert(definition.hash).second) << definition.name;
  }
}

TEST(Definitions, KeepTheirIdentityWhenOnlyHelpOrSpellingChanges) {
  const auto one = read(
      "metrics: [{name: n, from: events, aggregate: count, where: 'event=\"Product Viewed\"', "
      "dimensions: [source]}]");
  const auto other = read(R"(
metrics:
  - aggregate: count
    name: n
    help: Views
    retention: {1m: 3d}
    from: events
    where: event  =  'Viewed Product'
    dimensions: [[source]]
)");
  EXPECT_EQ(one[0].hash, other[0].hash);
  const auto changed = read(
      "metrics: [{name: n, from: events, aggregate: count, where: event = \"Product Added\", "
      "dimensions: [source]}]");
  EXPECT_NE(one[0].hash, changed[0].hash);
}

TEST(Definitions, ReportEveryProblemWithItsLine) {
  const std::string problems = problems_of(R"(
metrics:
  - name: Bad Name
    from: events
    aggregate: count
  - name: biggest_order
    from: orders
    aggregate: max
    value: revenue
  - name: twice
    from: event
    aggregate: median
    colour: red
  - name: twice
    from: events
    aggregate: sum
    value: duration_ms
    dimensions: [shoe]
    where: price > 3
  - name: share
    derive: twice / nothing
)");
  EXPECT_THAT(problems, HasSubstr("metrics.yml:3: 'Bad Name' is no name of a metric"));
  EXPECT_THAT(problems, HasSubstr("metrics.yml:7: 'orders' are restated"));
  EXPECT_THAT(problems,
              HasSubstr("metrics.yml:11: 'event' is nothing to count; allowed: events, lines"));
  EXPECT_THAT(problems, HasSubstr("metrics.yml:12: 'median' is no aggregate; allowed: count"));
  EXPECT_THAT(problems,
              HasSubstr("metrics.yml:13: unknown key 'colour' in a metric; allowed are name"));
  EXPECT_THAT(problems, HasSubstr("metrics.yml:14: there is another metric 'twice'"));
  EXPECT_THAT(
      problems,
      HasSubstr(
          "metrics.yml:17: 'sum' needs a value of 'events', not 'duration_ms'; allowed: revenue"));
  EXPECT_THAT(problems,
              HasSubstr("metrics.yml:18: 'shoe' is no dimension of 'events'; allowed: source"));
  EXPECT_THAT(problems,
              HasSubstr("metrics.yml:19: 'events' have no field 'price'; they have revenue"));
  EXPECT_THAT(problems, HasSubstr("metrics.yml:21: 'nothing' is no metric of this document"));
}

TEST(Definitions, RefuseWhatIsNoDocumentOfMetrics) {
  EXPECT_THAT(problems_of("metrics: [unclosed"), HasSubstr("metrics.yml:1: not YAML"));
  EXPECT_THAT(problems_of("- a"), HasSubstr("metrics.yml:1: expected one key 'metrics'"));
  EXPECT_THAT(problems_of("metrics: 3"), HasSubstr("expected one key 'metrics'"));
  EXPECT_THAT(problems_of("metrics: [3]"), HasSubstr("a metric must be a map"));
  EXPECT_THAT(problems_of(""), HasSubstr("expected one key 'metrics'"));
}

TEST(Definitions, DeriveFromDerivedSums) {
  const auto definitions = read(R"(
metrics:
  - {name: a, from: events, aggregate: count}
  - {name: b, from: lines, aggregate: count}
  - {name: share, derive: rest / a}
  - {name: rest, derive: a - b}
)");
  EXPECT_EQ(to_string(*definitions[2].derivation), "(a - b) / a");
  EXPECT_EQ(definitions[2].unit, Unit::ratio);
  EXPECT_EQ(definitions[3].unit, Unit::count);
}

TEST(Definitions, RefuseDerivationsThatMixUnitsOrGoRound) {
  EXPECT_THAT(problems_of(R"(
metrics:
  - {name: a, from: events, aggregate: count}
  - {name: m, from: orders, aggregate: sum, value: revenue}
  - {name: mixed, derive: a + m}
  - {name: loop, derive: loop + a}
  - {name: q, from: orders, aggregate: quantile, quantile: 0.5, value: revenue}
  - {name: half, derive: q / a}
)"),
              testing::AllOf(HasSubstr(":5: 'm' is in another unit"),
                             HasSubstr(":6: 'loop' cannot be used here"),
                             HasSubstr(":8: 'q' is a quantile; only count, sum and distinct")));
}

TEST(Definitions, TakeUnitsFromTheValue) {
  const auto definitions = read(R"(
metrics:
  - {name: time_on_site, from: sessions, aggregate: quantile, quantile: 0.95, value: duration_ms}
  - {name: baskets, from: orders, aggregate: histogram, value: revenue, bounds: [10, 49.99, 100]}
  - {name: tips, from: events, aggregate: sum, value: properties.tip, unit: money}
  - {name: stars, from: events, aggregate: max, value: properties.stars}
)");
  EXPECT_EQ(definitions[0].unit, Unit::milliseconds);
  EXPECT_EQ(definitions[0].quantile, 950'000);
  EXPECT_EQ(definitions[1].unit, Unit::money);
  EXPECT_EQ(definitions[1].bounds,
            (std::vector<std::int64_t>{10'000'000, 49'990'000, 100'000'000}));
  EXPECT_EQ(definitions[2].sources[0].sets[0].dimensions, DimensionSet{Dimension::currency});
  EXPECT_EQ(definitions[3].unit, Unit::number);
}

}  // namespace
}  // namespace bytebasket::metrics
