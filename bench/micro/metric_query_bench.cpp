// What an answer over 24 hours costs, from rows of five source partitions in the embedded tables.
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "analytics/metric_query.hpp"
#include "metrics/metric_key.hpp"
#include "metrics/plan.hpp"
#include "schema/tables.hpp"
#include "scratch_folder.hpp"
#include "storage/embedded/embedded_tables.hpp"

namespace {

using namespace bytebasket;
using metrics::Dimension;
using metrics::Fact;
using metrics::FactKind;

constexpr Timestamp day = timestamp_from_ms(1'794'960'000'000);
constexpr std::int32_t sources = 5;

/// A day in which every minute has events of every source, and every hour an order line of each of
/// 2,000 products.
std::vector<Fact> facts_of_a_day(const std::vector<std::string>& products) {
  static constexpr std::array<std::string_view, 4> names = {"web", "mobile", "cart", "server"};
  std::vector<Fact> facts;
  for (int minute = 0; minute < 1440; ++minute) {
    Fact fact;
    fact.time = fact.append_time = day + std::chrono::minutes(minute);
    for (const std::string_view name : names) {
      fact.set(Dimension::source, name);
      fact.visitor = products[static_cast<std::size_t>(minute) % products.size()];
      facts.push_back(fact);
    }
  }
  for (int hour = 0; hour < 24; ++hour) {
    for (const std::string& product : products) {
      Fact line;
      line.kind = FactKind::order_line;
      line.time = line.append_time = day + std::chrono::hours(hour);
      line.set(Dimension::product, product);
      line.set(Dimension::currency, "EUR");
      line.set(metrics::Field::revenue, 1'000'000);
      facts.push_back(line);
    }
  }
  return facts;
}

/// The built-in metrics over that day, stored once for the process.
class Shop {
 public:
  Shop()
      : catalogue_(
            metrics::read_definitions(metrics::built_in_document(), "config/metrics.yml").value()),
        tables_(storage::EmbeddedTables::open({.folder = folder_.path()}).value()) {
    std::vector<std::string> products;
    for (int i = 0; i < 2000; ++i) products.push_back("product-" + std::to_string(i));
    const auto plan =
        metrics::MetricPlan::compile({catalogue_.all().begin(), catalogue_.all().end()});
    const std::vector<Fact> facts = facts_of_a_day(products);
    for (std::int32_t source = 0; source < sources; ++source) {
      metrics::Accumulator accumulator(plan);
      for (const Fact& fact : facts) accumulator.add(fact);
      store(accumulator, source);
    }
  }

  analytics::MetricAnswer ask(const std::string& metric,
                              const std::vector<std::pair<std::string, std::string>>& parameters) {
    const auto query = analytics::parse_metric_query(metric, parameters).value();
    return analytics::MetricReader(*tables_)
        .answer(catalogue_, query, day + std::chrono::days(1))
        .value();
  }

 private:
  void store(metrics::Accumulator& accumulator, std::int32_t source) {
    std::vector<storage::Mutation> mutations;
    accumulator.drain([&](const metrics::MetricDelta& delta) {
      const auto& definition = accumulator.plan().definitions()[delta.metric];
      auto key = metrics::metric_key(definition, delta.grain, delta.dimensions,
                                     bucket_of(delta.grain, delta.window));
      key.window = delta.window;
      key.values = delta.values;
      key.source = source;
      mutations.push_back({storage::RowKey::of(key), delta.change->encode(),
                           Position{Epoch(1), Offset(1)}, std::nullopt});
    });
    if (!storage::write_now(*tables_, std::move(mutations))) std::abort();
  }

  TemporaryFolder folder_ = bench::scratch_folder();
  metrics::MetricCatalogue catalogue_;
  std::unique_ptr<storage::EmbeddedTables> tables_;
};

void answer(benchmark::State& state, const std::string& metric,
            const std::vector<std::pair<std::string, std::string>>& parameters) {
  static Shop shop;
  std::size_t rows = 0;
  for (auto unused : state) {
    const analytics::MetricAnswer found = shop.ask(metric, parameters);
    const std::string body = to_json(found);
    benchmark::DoNotOptimize(body.data());
    rows = found.rows.size();
  }
  state.counters["rows"] = static_cast<double>(rows);
}

BENCHMARK_CAPTURE(answer, minutes_of_a_day, "events", {{"grain", "1m"}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(answer, minutes_of_a_day_by_source, "events", {{"grain", "1m"}, {"by", "source"}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(answer, visitors_by_minute, "visitors", {{"grain", "1m"}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(answer, visitors_of_a_day, "visitors", {{"total", "true"}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(answer, top_products_of_a_day, "revenue",
                  {{"by", "product"}, {"total", "true"}, {"order", "-value"}, {"limit", "10"}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
