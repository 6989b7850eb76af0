#include "producers/import/import.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "events/event_reader.hpp"
#include "producers/import/real_data.hpp"
#include "producers/import/recording_sink.hpp"
#include "producers/shop/generate.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::producers::import_ {
namespace {

using nlohmann::json;

ImportReport import_or_fail(const std::vector<std::string>& files, const std::string& format,
                            RecordingSink& sink) {
  auto report = import_files({.files = files, .format = format}, sink);
  EXPECT_TRUE(report) << (report ? "" : report.error().message);
  return report ? *report : ImportReport{};
}

std::string file_with(const std::string& name, const std::string& text) {
  const std::string path = bytebasket::testing::temporary_path("import_" + name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

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

TEST(ImportRetailRocket, GathersTheRowsOfATransactionWhereverTheyStand) {
  const std::string file = file_with("retailrocket.csv",
                                     "timestamp,visitorid,event,itemid,transactionid\n"
                                     "1433221332117,257597,view,355908,\n"
                                     "1433222276276,599528,transaction,356475,4000\n"
                                     "1433221999827,992329,addtocart,248676,\n"
                                     "1433222276276,599528,transaction,15335,4000\n");
  RecordingSink sink;
  const auto report = import_or_fail({file}, "retailrocket", sink);
  EXPECT_EQ(report.rows, 4U);
  ASSERT_EQ(sink.events.size(), 3U);
  const json order = json::parse(sink.events[2]);
  EXPECT_EQ(order.at("event"), "Order Completed");
  EXPECT_EQ(order.at("properties").at("products").size(), 2U);
  EXPECT_EQ(order.at("timestamp"), "2015-06-02T05:17:56.276Z");
  EXPECT_FALSE(order.at("properties").contains("currency"));
}

TEST(ImportSegment, TakesBackWhatGenerateWrote) {
  const std::string path = bytebasket::testing::temporary_path("import_generated.jsonl");
  auto shop = shop::Shop::create({});
  ASSERT_TRUE(shop::generate_to_file(*shop, 5'000, path));
  RecordingSink sink;
  const auto report = import_or_fail({path}, "segment", sink);
  EXPECT_EQ(report.rows, 5'000U);
  EXPECT_EQ(report.events, 5'000U);
  EXPECT_EQ(report.refused, 0U) << report.refused_by_reason.begin()->first;
  std::ifstream file(path);
  std::string line;
  for (std::size_t i = 0; std::getline(file, line); ++i) {
    const json sent = json::parse(line);
    const json canonical = json::parse(sink.events[i]);
    ASSERT_EQ(canonical.at("messageId"), sent.at("messageId"));
    ASSERT_EQ(canonical.at("source"), sent.at("source"));
    ASSERT_EQ(sink.received[i], *parse_timestamp(sent.at("receivedAt").get<std::string>()));
  }
}

TEST(ImportSegment, NamesEventsWithoutIdTheSameEachTimeAndEqualOnesDifferently) {
  const std::string one =
      R"({"type":"track","event":"Product Viewed","anonymousId":"a","timestamp":"2026-01-01T00:00:00Z"})";
  const std::string file = file_with("no_ids.jsonl", one + "\n" + one + "\n\n" + one + "\n");
  RecordingSink first;
  RecordingSink second;
  EXPECT_EQ(import_or_fail({file}, "segment", first).events, 3U);
  import_or_fail({file}, "segment", second);
  EXPECT_EQ(first.events, second.events);
  std::set<std::string> ids;
  for (const std::string& event : first.events) ids.insert(json::parse(event).at("messageId"));
  EXPECT_EQ(ids.size(), 3U);
}

TEST(ImportSegment, SaysWhatItRefusedWhyAndWhere) {
  const std::string file = file_with(
      "refused.jsonl",
      R"({"type":"track","event":"A","anonymousId":"a","timestamp":"2026-01-01T00:00:00Z"})"
      "\nno json\n"
      R"({"type":"track","event":"A","anonymousId":"a"})"
      "\n");
  RecordingSink sink;
  const auto report = import_or_fail({file}, "segment", sink);
  EXPECT_EQ(report.rows, 3U);
  EXPECT_EQ(report.events, 1U);
  EXPECT_EQ(report.refused, 2U);
  ASSERT_EQ(report.refused_by_reason.size(), 2U);
  std::set<std::uint64_t> lines;
  for (const auto& [reason, count] : report.refused_by_reason) {
    ASSERT_EQ(count.first.size(), 1U);
    EXPECT_EQ(count.first[0].file, file);
    lines.insert(count.first[0].line);
  }
  EXPECT_EQ(lines, (std::set<std::uint64_t>{2, 3}));
  EXPECT_EQ(sink.refused.size(), 2U);
}

TEST(ImportSegment, TakesEventsUpToAMebibyte) {
  const std::string head =
      R"({"type":"track","event":"A","anonymousId":"a","messageId":"m","receivedAt":"2026-01-01T00:00:00Z","properties":{"x":")";
  const std::string file =
      file_with("large.jsonl", head + std::string(900'000, 'x') + "\"}}\n" + head +
                                   std::string(1'100'000, 'x') + "\"}}\n");
  RecordingSink sink;
  const auto report = import_or_fail({file}, "segment", sink);
  EXPECT_EQ(report.events, 1U);
  EXPECT_EQ(report.refused, 1U);
}

TEST(Import, StopsWhenAsked) {
  const std::string file = file_with("stop.jsonl", "{}\n{}\n");
  RecordingSink sink;
  std::stop_source stop;
  stop.request_stop();
  const auto report =
      import_files({.files = {file}, .format = "segment"}, sink, {}, stop.get_token());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::cancelled);
}

TEST(Import, NamesTheFormatsThereAre) {
  RecordingSink sink;
  const auto report = import_files({.files = {"x"}, .format = "excel"}, sink);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("online-retail"), std::string::npos);
}

TEST(Import, NamesTheColumnsThatAreMissing) {
  const std::string file = file_with("columns.csv", "timestamp,visitorid\n1,2\n");
  RecordingSink sink;
  const auto report = import_files({.files = {file}, .format = "retailrocket"}, sink);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("itemid"), std::string::npos);
  EXPECT_NE(report.error().message.find(file), std::string::npos);
}

TEST(Import, TellsHowFarItIs) {
  const std::string file = file_with(
      "progress.csv", "timestamp,visitorid,event,itemid,transactionid\n1433221332117,1,view,2,\n");
  RecordingSink sink;
  ImportProgress last;
  const auto report = import_files({.files = {file}, .format = "retailrocket"}, sink,
                                   [&last](const ImportProgress& now) { last = now; });
  ASSERT_TRUE(report);
  EXPECT_EQ(last.rows, 1U);
  EXPECT_EQ(last.accepted, 1U);
  EXPECT_EQ(last.file_bytes, std::filesystem::file_size(file));
  EXPECT_EQ(last.file_bytes_read, last.file_bytes);
}

}  // namespace
}  // namespace bytebasket::producers::import_
