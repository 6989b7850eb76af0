// The real sets, to the sums that others have worked out for them.
#include "producers/import/real_data.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "events/event_reader.hpp"
#include "producers/import/import.hpp"
#include "producers/import/recording_sink.hpp"

namespace bytebasket::producers::import_ {
namespace {

using nlohmann::json;

TEST(ImportOnlineRetail, EqualsTheGoldenDailySumsToTheLastThousandth) {
  const auto folder = real_data("orders_online_retail");
  if (!folder) GTEST_SKIP();
  RecordingSink sink;
  const auto report = import_or_fail({*folder + "/online_retail_2010-12-01_2011-08-31.csv.zst"},
                                     "online-retail", sink);
  EXPECT_EQ(report.rows, 320'705U);
  EXPECT_EQ(report.events, 16'459U);
  EXPECT_EQ(report.refused, 0U);

  std::map<std::string, std::int64_t> milli_by_day;
  std::set<std::string> ids;
  std::size_t refunds = 0;
  std::size_t adjusted = 0;
  std::size_t lines = 0;
  std::size_t without_customer = 0;
  for (const std::string& text : sink.events) {
    const json event = json::parse(text);
    const json& order = event.at("properties");
    const bool refund = event.at("event") == "Order Refunded";
    refunds += refund ? 1 : 0;
    lines += order.at("products").size();
    if (!event.contains("userId")) without_customer += order.at("products").size();
    adjusted += event.at("event") == "Stock Adjusted" ? 1 : 0;
    EXPECT_EQ(refund, order.at("order_id").get<std::string>().starts_with("C"));
    EXPECT_EQ(order.at("currency"), "GBP");
    const auto revenue = events::parse_money(order.at("revenue").dump());
    ASSERT_TRUE(revenue);
    ASSERT_EQ(revenue->value() % 1000, 0);
    milli_by_day[event.at("timestamp").get<std::string>().substr(0, 10)] +=
        (refund ? -1 : 1) * revenue->value() / 1000;
    ids.insert(event.at("messageId"));
  }
  EXPECT_EQ(refunds, 2'554U);
  EXPECT_EQ(adjusted, 925U) << "written off by the shop: no orders";
  EXPECT_EQ(lines, 320'705U);
  EXPECT_EQ(without_customer, 88'652U);
  EXPECT_EQ(ids.size(), 16'459U);
  EXPECT_EQ(milli_by_day, golden_daily(*folder + "/golden_daily.csv"));
}

TEST(ImportOnlineRetail, GivesTheSameMessageIdsWhenImportedTwice) {
  const auto folder = real_data("orders_online_retail");
  if (!folder) GTEST_SKIP();
  const std::string file = *folder + "/online_retail_2010-12-01_2011-08-31.csv.zst";
  RecordingSink first;
  RecordingSink second;
  import_or_fail({file}, "online-retail", first);
  import_or_fail({file}, "online-retail", second);
  EXPECT_EQ(first.events, second.events);
}

TEST(ImportSnowplow, GivesTheFourteenOrdersAndTheirSums) {
  const auto folder = real_data("events_snowplow_ecommerce");
  if (!folder) GTEST_SKIP();
  RecordingSink sink;
  const auto report =
      import_or_fail({*folder + "/source/snowplow_ecommerce_events.csv"}, "snowplow", sink);
  EXPECT_EQ(report.rows, 834U);
  EXPECT_EQ(report.events, 833U);
  EXPECT_EQ(report.refused, 0U);
  EXPECT_EQ(report.filtered, 1U);
  ASSERT_EQ(report.filtered_by_reason.size(), 1U);
  EXPECT_NE(report.filtered_by_reason.begin()->first.find("skip-me"), std::string::npos);

  std::map<std::string, std::int64_t> micros;
  std::set<std::string> orders;
  std::set<std::string> sessions;
  std::map<std::string, int> names;
  for (const std::string& text : sink.events) {
    const json event = json::parse(text);
    sessions.insert(event.at("sessionId"));
    ++names[event.at("event")];
    if (event.at("event") != "Order Completed") continue;
    const json& order = event.at("properties");
    if (!orders.insert(order.at("order_id")).second) continue;
    micros[order.at("currency")] += events::parse_money(order.at("revenue").dump())->value();
  }
  EXPECT_EQ(orders.size(), 14U);
  EXPECT_EQ(sessions.size(), 63U);
  EXPECT_EQ(micros, (std::map<std::string, std::int64_t>{{"EUR", 1'234'863'890'000},
                                                         {"USD", 231'231'000'000}}));
  EXPECT_EQ(names.at("Product Viewed"), 179);
  EXPECT_EQ(names.at("Product List Viewed"), 100);
  EXPECT_EQ(names.at("Product Added"), 38);
  EXPECT_EQ(names.at("Checkout Step Viewed"), 38);
  EXPECT_EQ(names.at("Snowplow Action"), 410);
}

TEST(ImportSnowplow, CarriesWhatTheExpectedSessionsAreMadeOf) {
  const auto folder = real_data("events_snowplow_ecommerce");
  if (!folder) GTEST_SKIP();
  RecordingSink sink;
  import_or_fail({*folder + "/source/snowplow_ecommerce_events.csv"}, "snowplow", sink);
  int carts_created = 0;
  int emptied = 0;
  int quantity = 0;
  for (std::size_t i = 0; i < sink.events.size(); ++i) {
    const json event = json::parse(sink.events[i]);
    const json& properties = event.at("properties");
    EXPECT_FALSE(event.at("context").at("app").at("name").get<std::string>().empty());
    EXPECT_FALSE(event.at("anonymousId").get<std::string>().empty());
    EXPECT_GE(to_ms(sink.received[i]),
              to_ms(*parse_timestamp(event.at("timestamp").get<std::string>())));
    const std::string name = event.at("event");
    if (name == "Order Completed") quantity += properties.at("total_quantity").get<int>();
    if (name != "Product Added" && name != "Product Removed") continue;
    double prices = 0;
    for (const json& line : properties.at("products")) prices += line.at("price").get<double>();
    if (name == "Product Added" && std::abs(prices - properties.at("value").get<double>()) < 1e-9)
      ++carts_created;
    if (properties.at("value").get<double>() == 0) ++emptied;
  }
  // The sums of number_carts_created, number_carts_emptied and total_transaction_quantity of the
  // expected sessions.
  const auto expected =
      sums_of_columns(*folder + "/expected/snowplow_ecommerce_sessions_expected.csv");
  EXPECT_EQ(carts_created, expected.at("number_carts_created"));
  EXPECT_EQ(emptied, expected.at("number_carts_emptied"));
  EXPECT_EQ(quantity, expected.at("total_transaction_quantity") + 1)
      << "the repeated order comes once more";
}

TEST(ImportRees46, MakesOneEventOfEachRow) {
  const auto folder = real_data("events_rees46_sample");
  if (!folder) GTEST_SKIP();
  RecordingSink sink;
  const auto report = import_or_fail({*folder + "/2019-Oct-sample.csv"}, "rees46", sink);
  EXPECT_EQ(report.rows, 1000U);
  EXPECT_EQ(report.events, 1000U);
  std::map<std::string, int> names;
  std::set<std::string> orders;
  for (const std::string& text : sink.events) {
    const json event = json::parse(text);
    ++names[event.at("event")];
    EXPECT_TRUE(event.contains("sessionId"));
    if (event.at("event") != "Order Completed") continue;
    const json& order = event.at("properties");
    orders.insert(order.at("order_id"));
    EXPECT_EQ(order.at("revenue"), order.at("products").at(0).at("price"));
    EXPECT_EQ(order.at("currency"), "USD");
  }
  EXPECT_EQ(names, (std::map<std::string, int>{
                       {"Order Completed", 10}, {"Product Added", 3}, {"Product Viewed", 987}}));
  EXPECT_EQ(orders.size(), 10U);
}

}  // namespace
}  // namespace bytebasket::producers::import_
