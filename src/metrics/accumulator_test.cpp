#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "metrics/plan.hpp"

namespace bytebasket::metrics {
namespace {

using events::EventKind;

std::shared_ptr<const MetricPlan> plan_of(std::string_view yaml) {
  auto definitions = read_definitions(yaml, "test.yml");
  EXPECT_TRUE(definitions) << definitions.error().message;
  return MetricPlan::compile(definitions ? *definitions : std::vector<MetricDefinition>());
}

Timestamp at(std::string_view time) { return parse_timestamp(time).value(); }

Fact event_fact(EventKind kind, std::string_view time, std::string_view source = "web") {
  Fact fact;
  fact.kind = FactKind::event;
  fact.event_kind = kind;
  fact.time = at(time);
  fact.append_time = fact.time;
  fact.set(Dimension::source, source);
  fact.set(Dimension::event, schema::name_of(kind));
  return fact;
}

Fact session_fact(std::string_view visitor, std::string_view time, std::int64_t adds,
                  std::int8_t weight) {
  Fact fact;
  fact.visitor = visitor;
  fact.kind = FactKind::session;
  fact.weight = weight;
  fact.time = at(time);
  fact.append_time = fact.time;
  fact.set(Field::adds, adds);
  return fact;
}

/// "metric grain window dimensions=values" → what changes.
std::map<std::string, Aggregate> drained(Accumulator& accumulator) {
  std::map<std::string, Aggregate> rows;
  accumulator.drain([&](const MetricDelta& delta) {
    const std::string key = accumulator.plan().definitions()[delta.metric].name + ' ' +
                            std::string(name_of(delta.grain)) + ' ' +
                            format_timestamp(delta.window) + ' ' + to_string(delta.dimensions) +
                            '=' + std::string(delta.values);
    EXPECT_TRUE(rows.emplace(key, *delta.change).second) << key << " comes twice";
  });
  return rows;
}

Aggregate count(std::int64_t n) { return Aggregate(Count{n}); }

constexpr std::string_view views_by_source = R"(
metrics:
  - name: views
    from: events
    where: event = "Product Viewed"
    aggregate: count
    dimensions: [source]
)";

TEST(Accumulator, CountsInEveryGrainOfEveryDimensionSet) {
  Accumulator accumulator(plan_of(views_by_source));
  accumulator.add(event_fact(EventKind::product_viewed, "2026-11-22T10:00:30Z", "web"));
  accumulator.add(event_fact(EventKind::product_viewed, "2026-11-22T10:01:30Z", "mobile"));
  accumulator.add(event_fact(EventKind::product_added, "2026-11-22T10:01:30Z", "mobile"));
  const std::map<std::string, Aggregate> expected = {
      {"views 1m 2026-11-22T10:00:00Z =", count(1)},
      {"views 1m 2026-11-22T10:01:00Z =", count(1)},
      {"views 1h 2026-11-22T10:00:00Z =", count(2)},
      {"views 1d 2026-11-22T00:00:00Z =", count(2)},
      {"views 1m 2026-11-22T10:00:00Z source=web", count(1)},
      {"views 1m 2026-11-22T10:01:00Z source=mobile", count(1)},
      {"views 1h 2026-11-22T10:00:00Z source=web", count(1)},
      {"views 1h 2026-11-22T10:00:00Z source=mobile", count(1)},
      {"views 1d 2026-11-22T00:00:00Z source=web", count(1)},
      {"views 1d 2026-11-22T00:00:00Z source=mobile", count(1)},
  };
  EXPECT_EQ(drained(accumulator), expected);
  EXPECT_TRUE(accumulator.empty());
  EXPECT_TRUE(drained(accumulator).empty());
}

TEST(Accumulator, CountsAFactOnlyInGrainsWhoseRetentionItsDelayFits) {
  Accumulator accumulator(plan_of(views_by_source));
  Fact late = event_fact(EventKind::product_viewed, "2026-11-01T10:00:30Z");
  late.append_time = late.time + std::chrono::days(14);
  accumulator.add(late);
  Fact later = late;
  later.append_time += Milliseconds(1);
  accumulator.add(later);
  Fact very_late = late;
  very_late.append_time = late.time + std::chrono::days(401);
  accumulator.add(very_late);
  const auto rows = drained(accumulator);
  EXPECT_EQ(rows.at("views 1m 2026-11-01T10:00:00Z ="), count(1));
  EXPECT_EQ(rows.at("views 1h 2026-11-01T10:00:00Z ="), count(2));
  EXPECT_EQ(rows.at("views 1d 2026-11-01T00:00:00Z ="), count(3));
}

TEST(Accumulator, CountsInAFinerGrainThatIsKeptLongerThanACoarserOne) {
  Accumulator accumulator(plan_of(R"(
metrics:
  - {name: n, from: events, aggregate: count, retention: {1m: forever, 1h: 1d, 1d: 2d}}
)"));
  Fact late = event_fact(EventKind::product_viewed, "2026-11-01T10:00:30Z");
  late.append_time = late.time + std::chrono::days(3);
  accumulator.add(late);
  const auto rows = drained(accumulator);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.at("n 1m 2026-11-01T10:00:00Z ="), count(1));
}

TEST(Accumulator, IsNotTouchedByWhatAVisitorTakesBackAndStatesAnewAlike) {
  Accumulator accumulator(
      plan_of("metrics: [{name: sessions, from: sessions, aggregate: count},"
              "{name: adds, from: sessions, aggregate: sum, value: adds}]"));
  accumulator.add(session_fact("v1", "2026-11-22T10:00:30Z", 2, -1));
  accumulator.add(session_fact("v2", "2026-11-22T10:00:30Z", 2, -1));
  accumulator.add(session_fact("v1", "2026-11-22T10:00:30Z", 5, +1));
  accumulator.add(session_fact("v2", "2026-11-22T10:00:30Z", 2, +1));
  const auto rows = drained(accumulator);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows.at("adds 1m 2026-11-22T10:00:00Z ="), Aggregate(Sum{0, 3}));
}

TEST(Accumulator, HandsOutAChangeOfNothingThatSeveralVisitorsMadeUp) {
  Accumulator accumulator(
      plan_of("metrics: [{name: n, from: sessions, aggregate: count, grains: [1h]}]"));
  accumulator.add(session_fact("v1", "2026-11-22T10:10:00Z", 0, -1));
  accumulator.add(session_fact("v2", "2026-11-22T10:20:00Z", 0, +1));
  const auto rows = drained(accumulator);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows.at("n 1h 2026-11-22T10:00:00Z =").is_identity());
}

TEST(Accumulator, KeepsRetractionsWithoutANewStatement) {
  Accumulator accumulator(
      plan_of("metrics: [{name: n, from: sessions, aggregate: count, grains: [1d]}]"));
  accumulator.add(session_fact("v1", "2026-11-22T10:10:00Z", 0, -1));
  EXPECT_FALSE(accumulator.empty());
  EXPECT_EQ(drained(accumulator).at("n 1d 2026-11-22T00:00:00Z ="), count(-1));
  EXPECT_TRUE(accumulator.empty());
}

TEST(Accumulator, DrainsTheSameInAnyOrderOfFacts) {
  const auto plan =
      MetricPlan::compile(read_definitions(built_in_document(), "config/metrics.yml").value());
  std::vector<std::string> visitors;
  for (int i = 0; i < 50; ++i) visitors.push_back("visitor-" + std::to_string(i));
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < 2000; ++i) {
    Fact fact = event_fact(static_cast<EventKind>(i % schema::event_kind_count),
                           "2026-11-22T10:00:00Z", i % 3 == 0 ? "web" : "mobile");
    fact.time += std::chrono::seconds(i * 7);
    fact.visitor = visitors[i * 31 % visitors.size()];
    fact.kind = i % 2 == 0 ? FactKind::event : FactKind::line;
    fact.set(Dimension::product, visitors[i % 7]);
    facts.push_back(fact);
  }
  Accumulator in_order(plan);
  for (const Fact& fact : facts) in_order.add(fact);
  std::shuffle(facts.begin(), facts.end(), std::mt19937(7));
  Accumulator shuffled(plan);
  for (const Fact& fact : facts) shuffled.add(fact);
  EXPECT_EQ(drained(in_order), drained(shuffled));
}

TEST(Accumulator, SumsLinesOfMoneyByCurrencyAndProduct) {
  Accumulator accumulator(plan_of(R"(
metrics:
  - name: revenue
    from: orders
    value: revenue
    aggregate: sum
    grains: [1d]
    breakdowns: [{from: order_lines, value: revenue, dimensions: [product]}]
)"));
  Fact order;
  order.kind = FactKind::order;
  order.time = order.append_time = at("2026-11-22T10:00:00Z");
  order.set(Dimension::currency, "EUR");
  order.set(Field::revenue, 30'000'000);
  accumulator.add(order);
  order.kind = FactKind::order_line;
  order.set(Dimension::product, "shoes, red");
  order.set(Field::revenue, 25'100'000);
  accumulator.add(order);
  const std::map<std::string, Aggregate> expected = {
      {"revenue 1d 2026-11-22T00:00:00Z currency=EUR", Aggregate(Sum{1, 30'000'000})},
      {"revenue 1d 2026-11-22T00:00:00Z product,currency=shoes\\, red,EUR",
       Aggregate(Sum{1, 25'100'000})},
  };
  EXPECT_EQ(drained(accumulator), expected);
}

TEST(Accumulator, ReadsPropertiesThatTheModelHasNoFieldFor) {
  Accumulator accumulator(plan_of(R"(
metrics:
  - {name: stars, from: events, value: properties.rating.stars, aggregate: sum, where: 'properties.verified = true', grains: [1d]}
)"));
  std::string json =
      R"({"type":"track","properties":{"a":1,"rating":{"stars":4.5},"verified":true}})";
  const std::size_t size = json.size();
  json.append(64, ' ');
  events::Event event;
  event.json = std::string_view(json).substr(0, size);
  Fact fact = event_fact(EventKind::product_reviewed, "2026-11-22T10:00:00Z");
  fact.event = &event;
  accumulator.add(fact);
  accumulator.add(fact);
  EXPECT_EQ(drained(accumulator).at("stars 1d 2026-11-22T00:00:00Z ="),
            Aggregate(Sum{2, 9'000'000}));
}

TEST(Accumulator, MemoryGrowsWithTheRowsTouched) {
  Accumulator accumulator(plan_of(views_by_source));
  const std::size_t before = accumulator.memory();
  for (int i = 0; i < 5000; ++i) {
    Fact fact = event_fact(EventKind::product_viewed, "2026-11-22T00:00:00Z");
    fact.time += std::chrono::minutes(i);
    fact.append_time = fact.time;
    accumulator.add(fact);
  }
  EXPECT_GT(accumulator.memory(), before + 5000 * 16);
}

TEST(Accumulator, SaysWhichEventsCount) {
  const Accumulator accumulator(plan_of(R"(
metrics:
  - {name: views, help: Views., from: events, where: event = "Product Viewed", aggregate: count}
  - {name: pieces, help: Pieces., from: lines, where: source = web, aggregate: sum, value: quantity}
)"));
  EXPECT_TRUE(accumulator.counts(FactKind::event, EventKind::product_viewed));
  EXPECT_FALSE(accumulator.counts(FactKind::event, EventKind::product_added));
  EXPECT_FALSE(accumulator.counts(FactKind::event, EventKind::unknown));
  EXPECT_TRUE(accumulator.counts(FactKind::line, EventKind::product_added));
}

}  // namespace
}  // namespace bytebasket::metrics
