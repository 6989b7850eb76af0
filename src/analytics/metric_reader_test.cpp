#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/metric_query.hpp"
#include "metrics/metric_key.hpp"
#include "metrics/plan.hpp"
#include "schema/tables.hpp"
#include "support/in_memory_engines.hpp"

namespace bytebasket::analytics {
namespace {

using metrics::Dimension;
using metrics::Fact;
using metrics::FactKind;
using metrics::Field;
using ::testing::HasSubstr;

Timestamp at(std::string_view time) { return parse_timestamp(time).value(); }

/// Facts of several source partitions, stored as rows, and questions to them.
class MetricReaderTest : public ::testing::Test {
 protected:
  MetricReaderTest()
      : catalogue_(
            metrics::read_definitions(metrics::built_in_document(), "config/metrics.yml").value()),
        plan_(metrics::MetricPlan::compile({catalogue_.all().begin(), catalogue_.all().end()})) {}

  void store(std::int32_t source, const std::vector<Fact>& facts) {
    metrics::Accumulator accumulator(plan_);
    for (const Fact& fact : facts) accumulator.add(fact);
    std::vector<storage::Mutation> mutations;
    accumulator.drain([&](const metrics::MetricDelta& delta) {
      const auto& definition = plan_->definitions()[delta.metric];
      auto key = metrics::metric_key(definition, delta.grain, delta.dimensions,
                                     bucket_of(delta.grain, delta.window));
      key.window = delta.window;
      key.values = delta.values;
      key.source = source;
      mutations.push_back({storage::RowKey::of(key), delta.change->encode(),
                           Position{Epoch(1), Offset(1)}, std::nullopt});
    });
    ASSERT_TRUE(storage::write_now(tables_, std::move(mutations)));
  }

  std::string ask(std::string_view metric,
                  const std::vector<std::pair<std::string, std::string>>& parameters) {
    const auto query = parse_metric_query(metric, parameters);
    if (!query) return query.error().message;
    const auto answer = MetricReader(tables_).answer(catalogue_, *query, now_);
    return answer ? to_json(*answer) : answer.error().message;
  }

  static Fact fact(FactKind kind, std::string_view time) {
    Fact fact;
    fact.kind = kind;
    fact.time = fact.append_time = at(time);
    fact.set(Dimension::source, "web");
    fact.set(Dimension::country, "DE");
    return fact;
  }

  static Fact order(std::string_view time, std::string_view currency, std::int64_t micros,
                    std::string_view country = "DE") {
    Fact made = fact(FactKind::order, time);
    made.set(Dimension::currency, currency);
    made.set(Dimension::country, country);
    made.set(Field::revenue, micros);
    return made;
  }

  static Fact line(std::string_view time, std::string_view product, std::int64_t micros) {
    Fact made = order(time, "EUR", micros);
    made.kind = FactKind::order_line;
    made.set(Dimension::product, product);
    return made;
  }

  static Fact cart(std::string_view time, bool converted) {
    Fact made = fact(FactKind::cart, time);
    made.set(Field::converted, converted ? 1 : 0);
    return made;
  }

  testing::InMemoryTables tables_{true};
  metrics::MetricCatalogue catalogue_;
  std::shared_ptr<const metrics::MetricPlan> plan_;
  Timestamp now_ = at("2026-11-22T12:00:00Z");
};

TEST_F(MetricReaderTest, MergesSourcesAndLeavesEmptyWindowsOut) {
  store(0, {fact(FactKind::event, "2026-11-22T10:00:10Z"),
            fact(FactKind::event, "2026-11-22T10:05:00Z")});
  store(1, {fact(FactKind::event, "2026-11-22T10:00:50Z")});
  EXPECT_EQ(ask("events", {{"grain", "1m"}}),
            R"({"metric":"events","grain":"1m","unit":"count","rows":[)"
            R"({"time":"2026-11-22T10:00:00Z","dims":{},"value":2},)"
            R"({"time":"2026-11-22T10:05:00Z","dims":{},"value":1}],"next":null})");
}

TEST_F(MetricReaderTest, ShowsMoneyByCurrencyWithSixDecimals) {
  store(0,
        {order("2026-11-22T10:00:00Z", "EUR", 25'100'000), order("2026-11-22T10:30:00Z", "USD", 1),
         order("2026-11-22T10:40:00Z", "EUR", -100'000)});
  EXPECT_EQ(
      ask("revenue", {}),
      R"({"metric":"revenue","grain":"1h","unit":"money","rows":[)"
      R"({"time":"2026-11-22T10:00:00Z","dims":{"currency":"EUR"},"value":"25.000000"},)"
      R"({"time":"2026-11-22T10:00:00Z","dims":{"currency":"USD"},"value":"0.000001"}],"next":null})");
  EXPECT_THAT(
      ask("revenue", {{"currency", "USD"}}),
      HasSubstr(
          R"("rows":[{"time":"2026-11-22T10:00:00Z","dims":{"currency":"USD"},"value":"0.000001"}])"));
}

TEST_F(MetricReaderTest, DividesExactlyAndRoundsHalfToEven) {
  store(0, {order("2026-11-22T10:00:00Z", "EUR", 3), order("2026-11-22T10:30:00Z", "EUR", 2),
            order("2026-11-22T11:00:00Z", "EUR", 10), order("2026-11-22T11:00:00Z", "EUR", 0),
            order("2026-11-22T11:00:00Z", "EUR", 0)});
  EXPECT_THAT(
      ask("average_order_value", {}),
      HasSubstr(
          R"("unit":"money","rows":[{"time":"2026-11-22T10:00:00Z","dims":{"currency":"EUR"},"value":"0.000002"},)"
          R"({"time":"2026-11-22T11:00:00Z","dims":{"currency":"EUR"},"value":"0.000003"}])"));
}

TEST_F(MetricReaderTest, SubtractsRefundsWhereTheyHappened) {
  Fact refund = order("2026-11-22T11:00:00Z", "EUR", 4'000'000);
  refund.kind = FactKind::refund;
  refund.refund_type = "refund";
  store(0, {order("2026-11-22T10:00:00Z", "EUR", 10'000'000), refund});
  EXPECT_THAT(
      ask("net_revenue", {}),
      HasSubstr(
          R"("value":"10.000000"},{"time":"2026-11-22T11:00:00Z","dims":{"currency":"EUR"},"value":"-4.000000"}])"));
  EXPECT_THAT(
      ask("net_revenue", {{"total", "true"}}),
      HasSubstr(
          R"("grain":"total","unit":"money","rows":[{"time":"2026-11-21T12:00:00Z","dims":{"currency":"EUR"},"value":"6.000000"}])"));
}

TEST_F(MetricReaderTest, RollsUpOverDimensionsThatAreStoredButNotAskedFor) {
  store(0, {order("2026-11-22T10:00:00Z", "EUR", 1, "DE"),
            order("2026-11-22T10:00:00Z", "USD", 1, "DE"),
            order("2026-11-22T10:00:00Z", "USD", 1, "FR")});
  EXPECT_THAT(
      ask("orders", {{"by", "country"}, {"grain", "1d"}}),
      HasSubstr(R"("rows":[{"time":"2026-11-22T00:00:00Z","dims":{"country":"DE"},"value":2},)"
                R"({"time":"2026-11-22T00:00:00Z","dims":{"country":"FR"},"value":1}])"));
}

TEST_F(MetricReaderTest, FindsTheTopProductsOverARange) {
  store(0, {line("2026-11-21T12:10:00Z", "shoe", 5'000'000),
            line("2026-11-22T09:00:00Z", "hat", 7'000'000)});
  store(1, {line("2026-11-22T11:00:00Z", "shoe", 4'000'000),
            line("2026-11-22T11:00:00Z", "sock", 1'000'000),
            line("2026-11-21T11:59:00Z", "hat", 9'000'000)});
  EXPECT_THAT(
      ask("revenue", {{"by", "product"}, {"total", "true"}, {"order", "-value"}, {"limit", "2"}}),
      HasSubstr(
          R"("rows":[{"time":"2026-11-21T12:00:00Z","dims":{"product":"shoe","currency":"EUR"},"value":"9.000000"},)"
          R"({"time":"2026-11-21T12:00:00Z","dims":{"product":"hat","currency":"EUR"},"value":"7.000000"}],"next":")"));
}

TEST_F(MetricReaderTest, GoesOnWhereAPageEnded) {
  const std::vector<std::string> products = {"p0", "p8", "p2", "p6", "p4",
                                             "p4", "p6", "p2", "p8", "p0"};
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < products.size(); ++i) {
    facts.push_back(
        line("2026-11-22T10:00:00Z", products[i], 1'000'000 * static_cast<std::int64_t>(i / 3)));
  }
  store(0, facts);
  for (const char* order : {"time", "value", "-value"}) {
    std::vector<MetricRow> all;
    const std::vector<std::pair<std::string, std::string>> parameters = {{"by", "product"},
                                                                         {"order", order}};
    MetricQuery query = parse_metric_query("revenue", parameters).value();
    const MetricAnswer whole = MetricReader(tables_).answer(catalogue_, query, now_).value();
    query.limit = 2;
    do {
      const MetricAnswer page = MetricReader(tables_).answer(catalogue_, query, now_).value();
      all.insert(all.end(), page.rows.begin(), page.rows.end());
      query.cursor = page.next;
      now_ += std::chrono::hours(1);
    } while (!query.cursor.empty());
    now_ = at("2026-11-22T12:00:00Z");
    ASSERT_EQ(all.size(), whole.rows.size()) << order;
    for (std::size_t i = 0; i < all.size(); ++i)
      EXPECT_EQ(all[i].dims, whole.rows[i].dims) << order << ' ' << i;
  }
}

TEST_F(MetricReaderTest, RefusesAQuestionWhoseRowsDoNotFitItsMemory) {
  std::vector<std::string> products;  // a fact has views
  for (int i = 0; i < 200; ++i) products.push_back("p-" + std::to_string(i));
  std::vector<Fact> facts;
  for (const std::string& product : products)
    facts.push_back(line("2026-11-22T10:00:00Z", product, 1'000'000));
  store(0, facts);
  MetricReader reader(tables_, 10'000);
  const std::vector<std::pair<std::string, std::string>> by_product = {{"by", "product"}};
  const auto large =
      reader.answer(catalogue_, parse_metric_query("revenue", by_product).value(), now_);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(large.error().message, HasSubstr("api.query_memory"));
  const auto small = reader.answer(catalogue_, parse_metric_query("revenue", {}).value(), now_);
  EXPECT_TRUE(small);
}

TEST_F(MetricReaderTest, LeavesCartsThatAreStillOpenOutOfAbandonment) {
  store(0, {cart("2026-11-22T10:59:59Z", false), cart("2026-11-22T11:00:00Z", false),
            cart("2026-11-22T10:10:00Z", true), cart("2026-11-22T11:30:00Z", true),
            cart("2026-11-22T11:30:00Z", true)});
  EXPECT_THAT(ask("carts_abandoned", {{"grain", "1d"}}),
              HasSubstr(R"("rows":[{"time":"2026-11-22T00:00:00Z","dims":{},"value":1}])"));
  EXPECT_THAT(ask("cart_abandonment", {{"grain", "1d"}}), HasSubstr(R"("value":0.250000}])"));
  EXPECT_THAT(ask("cart_abandonment", {{"total", "true"}}), HasSubstr(R"("value":0.250000}])"));
  EXPECT_THAT(ask("carts_abandoned", {{"grain", "1m"}}),
              HasSubstr(R"("rows":[{"time":"2026-11-22T10:59:00Z","dims":{},"value":1}])"));
  now_ = at("2026-11-22T12:01:00Z");
  EXPECT_THAT(ask("carts_abandoned", {{"grain", "1d"}}), HasSubstr(R"("value":2}])"));
}

TEST_F(MetricReaderTest, CountsATotalOnceWhateverWindowsItIsReadFrom) {
  std::vector<Fact> facts;
  for (int hour = 0; hour < 100; ++hour) {
    facts.push_back(fact(FactKind::event, "2026-11-18T08:30:30Z"));
    facts.back().time += std::chrono::hours(hour);
    facts.back().append_time = facts.back().time;
  }
  store(0, facts);
  EXPECT_THAT(ask("events", {{"total", "true"},
                             {"grain", "1m"},
                             {"from", "2026-11-18T08:30:00Z"},
                             {"to", "2026-11-22T11:31:00Z"}}),
              HasSubstr(R"("rows":[{"time":"2026-11-18T08:30:00Z","dims":{},"value":100}])"));
  EXPECT_THAT(ask("events", {{"total", "true"},
                             {"grain", "1m"},
                             {"from", "2026-11-18T08:31:00Z"},
                             {"to", "2026-11-22T11:30:00Z"}}),
              HasSubstr(R"("value":98}])"));
}

TEST_F(MetricReaderTest, NamesWhatIsAllowed) {
  EXPECT_THAT(ask("nothing", {}), HasSubstr("there is no metric 'nothing'; there are: "));
  EXPECT_THAT(ask("sessions", {{"by", "product"}}),
              HasSubstr("'sessions' is not kept by 'product'; it is kept by nothing (1m, 1h, 1d); "
                        "source (1m, 1h, 1d)"));
  EXPECT_THAT(ask("revenue", {{"by", "product"}, {"grain", "1m"}}),
              HasSubstr("in windows of 1m; it is kept by"));
  EXPECT_THAT(ask("events", {{"colour", "red"}}),
              HasSubstr("there is no parameter 'colour'; known: from, to"));
  EXPECT_THAT(ask("events", {{"by", "colour"}}),
              HasSubstr("parameter 'by': 'colour' is no dimension; there are source"));
  EXPECT_THAT(ask("events", {{"limit", "10001"}}), HasSubstr("allowed: 1 to 10000"));
  EXPECT_THAT(ask("events", {{"limit", "-1"}}), HasSubstr("allowed: 1 to 10000"));
  EXPECT_THAT(ask("events", {{"order", "up"}}), HasSubstr("allowed: time, value, -value"));
  EXPECT_THAT(ask("events", {{"grain", "5m"}}), HasSubstr("allowed: 1m, 1h, 1d"));
  EXPECT_THAT(ask("events", {{"from", "yesterday"}}), HasSubstr("parameter 'from'"));
  EXPECT_THAT(ask("events", {{"from", "2026-11-23"}, {"to", "2026-11-22"}}),
              HasSubstr("'from' lies after 'to'"));
  EXPECT_THAT(ask("events", {{"grain", "1m"}, {"grain", "1h"}}),
              HasSubstr("'grain' is there twice"));
  EXPECT_THAT(ask("events", {{"cursor", "zz"}}),
              HasSubstr("'cursor' is not the 'next' of an answer"));
  EXPECT_THAT(ask("events", {{"grain", "1m"}, {"from", "1970-01-01"}, {"to", "9999-01-01"}}),
              HasSubstr("is too long"));
}

TEST_F(MetricReaderTest, ListsTheMetricsWithWhatTheyAreKeptBy) {
  const std::string list = catalogue_json(catalogue_);
  EXPECT_THAT(
      list,
      HasSubstr(
          R"({"name":"average_order_value","help":"Revenue per order.","unit":"money","dimensions":[{"by":["currency"],"grains":["1m","1h","1d"]})"));
  EXPECT_THAT(list, HasSubstr(R"({"by":["product","currency"],"grains":["1h","1d"]})"));
}

}  // namespace
}  // namespace bytebasket::analytics
