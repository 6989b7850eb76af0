// What the built-in metrics cost an event: the accumulator alone, the drain, and the rows of a
// flush.
#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "metrics/plan.hpp"
#include "processors/metric_rows.hpp"

namespace {

using namespace bytebasket;
using events::EventKind;
using metrics::Dimension;
using metrics::Fact;
using metrics::FactKind;
using metrics::Field;

/// Facts as the processors state them, with the texts they point at.
struct Traffic {
  std::vector<std::string> visitors;
  std::vector<std::string> products;
  std::vector<std::string> categories;
  std::vector<Fact> facts;
  std::size_t events = 0;
};

std::vector<std::string> names(const std::string& prefix, int count) {
  std::vector<std::string> list;
  for (int i = 0; i < count; ++i) list.push_back(prefix + std::to_string(i));
  return list;
}

/// Events of 20,000 visitors in time order, `rate` a second: mostly product views and adds with one
/// line, searches and checkouts, and for every event a session that is restated.
const Traffic& traffic(int rate) {
  static std::map<int, Traffic> made;
  Traffic& traffic = made[rate];
  if (!traffic.facts.empty()) return traffic;
  static constexpr std::array<EventKind, 8> kinds = {
      EventKind::product_viewed,    EventKind::product_viewed,  EventKind::product_viewed,
      EventKind::product_added,     EventKind::product_viewed,  EventKind::product_list_viewed,
      EventKind::products_searched, EventKind::checkout_started};
  static constexpr std::array<std::string_view, 5> countries = {"DE", "FR", "US", "GB", "NL"};
  static constexpr std::array<std::string_view, 3> devices = {"desktop", "mobile", "tablet"};
  traffic.visitors = names("visitor-0123456789abcdef-", 20'000);
  traffic.products = names("product-", 10'000);
  traffic.categories = names("category-", 40);
  std::mt19937_64 random(1);
  traffic.events = 100'000;
  for (std::size_t i = 0; i < traffic.events; ++i) {
    const EventKind kind = kinds[random() % kinds.size()];
    const std::size_t visitor = random() % traffic.visitors.size();
    Fact fact;
    fact.kind = FactKind::event;
    fact.event_kind = kind;
    fact.time = timestamp_from_ms(1'795'000'000'000 + static_cast<std::int64_t>(i) * 1000 / rate);
    fact.append_time = fact.time;
    fact.visitor = traffic.visitors[visitor];
    fact.set(Dimension::source, visitor % 3 == 0 ? "mobile" : "web");
    fact.set(Dimension::event, schema::name_of(kind));
    fact.set(Dimension::country, countries[visitor % countries.size()]);
    fact.set(Dimension::device, devices[visitor % devices.size()]);
    fact.set(Dimension::campaign, visitor % 10 == 0 ? "summer" : "");
    if (kind == EventKind::products_searched)
      fact.set(Dimension::query, traffic.categories[random() % 40]);
    traffic.facts.push_back(fact);
    if (kind == EventKind::product_viewed || kind == EventKind::product_added) {
      fact.kind = FactKind::line;
      // Squaring a uniform number makes few products popular.
      const double share = static_cast<double>(random() % 10'000) / 10'000;
      const auto product = static_cast<std::size_t>(share * share * 10'000);
      fact.set(Dimension::product, traffic.products[product]);
      fact.set(Dimension::category, traffic.categories[product % 40]);
      fact.set(Dimension::brand, traffic.categories[product % 37]);
      fact.set(Field::quantity, 1);
      traffic.facts.push_back(fact);
    }
    Fact session;
    session.kind = FactKind::session;
    session.time = floor_to(traffic.facts.back().time, std::chrono::minutes(20));
    session.append_time = session.time;
    session.visitor = fact.visitor;
    session.dimensions = traffic.facts.back().dimensions;
    session.set(Field::product_views, 3);
    session.set(Field::adds, 0);
    session.set(Field::checkouts, 0);
    session.set(Field::orders, 0);
    session.weight = -1;
    traffic.facts.push_back(session);
    session.weight = 1;
    session.set(Field::product_views, 4);
    traffic.facts.push_back(session);
  }
  return traffic;
}

std::shared_ptr<const metrics::MetricPlan> built_in_plan() {
  static const auto plan = metrics::MetricPlan::compile(
      metrics::read_definitions(metrics::built_in_document(), "config/metrics.yml").value());
  return plan;
}

void accumulate_built_in_metrics(benchmark::State& state) {
  const Traffic& load = traffic(static_cast<int>(state.range(0)));
  metrics::Accumulator accumulator(built_in_plan());
  for (auto unused : state) {
    for (const Fact& fact : load.facts) accumulator.add(fact);
    state.PauseTiming();
    accumulator.drain([](const metrics::MetricDelta&) {});
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(load.events));
}
BENCHMARK(accumulate_built_in_metrics)->Arg(300'000)->Arg(1000)->Unit(benchmark::kMillisecond);

void accumulate_and_drain(benchmark::State& state) {
  const Traffic& load = traffic(static_cast<int>(state.range(0)));
  metrics::Accumulator accumulator(built_in_plan());
  std::size_t deltas = 0;
  for (auto unused : state) {
    for (const Fact& fact : load.facts) accumulator.add(fact);
    accumulator.drain([&](const metrics::MetricDelta&) { ++deltas; });
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(load.events));
  state.counters["rows_per_event"] =
      static_cast<double>(deltas) / static_cast<double>(state.items_processed());
}
BENCHMARK(accumulate_and_drain)->Arg(300'000)->Arg(1000)->Unit(benchmark::kMillisecond);

void accumulate_and_merge_rows(benchmark::State& state) {
  const Traffic& load = traffic(static_cast<int>(state.range(0)));
  const Position never{Epoch(1), Offset(-1)};
  metrics::Accumulator accumulator(built_in_plan());
  processors::MetricRows rows(0, never, never);
  std::int64_t offset = 0;
  for (auto unused : state) {
    for (const Fact& fact : load.facts) accumulator.add(fact);
    rows.take(accumulator);
    const Position upto{Epoch(1), Offset(++offset)};
    std::vector<storage::RowKey> keys;
    rows.missing(upto, keys);
    benchmark::DoNotOptimize(rows.drain(upto));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(load.events));
}
BENCHMARK(accumulate_and_merge_rows)->Arg(300'000)->Arg(1000)->Unit(benchmark::kMillisecond);

void accumulate_one_metric_by_minute_and_category(benchmark::State& state) {
  const Traffic& load = traffic(300'000);
  const auto definitions = metrics::read_definitions(
      "metrics: [{name: views, from: lines, aggregate: count, dimensions: [category], grains: "
      "[1m]}]",
      "bench");
  metrics::Accumulator accumulator(metrics::MetricPlan::compile(*definitions));
  for (auto unused : state) {
    for (const Fact& fact : load.facts) accumulator.add(fact);
    accumulator.drain([](const metrics::MetricDelta&) {});
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(load.events));
}
BENCHMARK(accumulate_one_metric_by_minute_and_category)->Unit(benchmark::kMillisecond);

}  // namespace
