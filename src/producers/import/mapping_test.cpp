#include "producers/import/mapping.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "producers/import/presets.hpp"
#include "producers/import/recording_sink.hpp"
#include "producers/import/time_pattern.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::producers::import_ {
namespace {

using nlohmann::json;

std::string mistakes_of(std::string_view yaml) {
  const auto mapping = parse_mapping(yaml, "shop.yml");
  return mapping ? std::string() : mapping.error().message;
}

/// Imports `text` with the mapping and gives the canonical events.
std::vector<json> events_of(const std::string& mapping, const std::string& text,
                            ImportReport* report = nullptr) {
  const std::string mapping_path = bytebasket::testing::temporary_path("mapping.yml");
  const std::string data_path = bytebasket::testing::temporary_path("mapping.data");
  std::ofstream(mapping_path) << mapping;
  std::ofstream(data_path) << text;
  RecordingSink sink;
  const auto imported = import_files({.files = {data_path}, .format = mapping_path}, sink);
  EXPECT_TRUE(imported) << (imported ? "" : imported.error().message);
  if (imported && report != nullptr) *report = *imported;
  std::vector<json> events;
  for (const std::string& event : sink.events) events.push_back(json::parse(event));
  return events;
}

TEST(Mapping, EveryPresetIsRight) {
  for (const char* name : {"segment", "rees46", "retailrocket", "online-retail", "snowplow"}) {
    const auto translator = make_translator(name);
    EXPECT_TRUE(translator) << translator.error().message;
  }
  const auto unknown = make_translator("nothing");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("none of segment, rees46"), std::string::npos);
}

TEST(Mapping, NamesAllMistakesAtOnceEachWithItsLine) {
  const std::string mistakes = mistakes_of(
      "format: xml\n"
      "time: {column: t, format: \"%Q\"}\n"
      "colour: red\n"
      "events:\n"
      "  - {when: {column: a, equals: b}}\n"
      "fields:\n"
      "  price: p\n"
      "  properties.price: {column: p, type: float}\n");
  EXPECT_NE(mistakes.find("shop.yml:1: format 'xml' is none of csv, json-lines"), std::string::npos)
      << mistakes;
  EXPECT_NE(mistakes.find("shop.yml:2: time format '%Q'"), std::string::npos) << mistakes;
  EXPECT_NE(mistakes.find("shop.yml:3: unknown key 'colour' in a mapping; allowed are"),
            std::string::npos)
      << mistakes;
  EXPECT_NE(mistakes.find("shop.yml:5: each of events needs an event"), std::string::npos)
      << mistakes;
  EXPECT_NE(mistakes.find("shop.yml:7: a field is messageId"), std::string::npos) << mistakes;
  EXPECT_NE(mistakes.find("shop.yml:8: type 'float' is none of"), std::string::npos) << mistakes;
  EXPECT_NE(mistakes.find("fields must fill anonymousId or userId"), std::string::npos) << mistakes;
}

TEST(Mapping, SurvivesWhatIsNoYaml) {
  EXPECT_NE(mistakes_of("a: [1, 2\nb: }").find("shop.yml:"), std::string::npos);
  EXPECT_NE(mistakes_of("").find("shop.yml:1"), std::string::npos);
  EXPECT_NE(mistakes_of(std::string(100'000, '[')).find("shop.yml:"), std::string::npos);
  EXPECT_NE(mistakes_of(std::string(300'000, 'a')).find("at most"), std::string::npos);
  EXPECT_NE(mistakes_of("{[a]: b, fields: [*x]}").find("shop.yml:"), std::string::npos);
}

TEST(Mapping, ReadsEveryKindOfCell) {
  const auto events = events_of(
      "format: csv\nseparator: \";\"\ntime: {column: when, format: \"%d.%m.%Y %H:%M\"}\nsource: "
      "orders\nevents: Order Completed\n"
      "fields:\n"
      "  userId: {column: customer, prefix: c-}\n"
      "  anonymousId: {column: cookie, else: {column: customer}}\n"
      "  context.device.type: {value: desktop}\n"
      "  properties.order_id: number\n"
      "  properties.revenue: {column: sum, type: money, decimals: 1}\n"
      "  properties.gift: {column: gift, type: boolean}\n"
      "  properties.note: note\n",
      "number;customer;cookie;sum;gift;when;note\n"
      "1;7;;10.25;yes;24.12.2026 18:05;\"a; \"\"quoted\"\"\nnote\"\n"
      "2;8;k;10.35;no;1.2.2026 9:00;\n");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].at("timestamp"), "2026-12-24T18:05:00.000Z");
  EXPECT_EQ(events[0].at("userId"), "c-7");
  EXPECT_EQ(events[0].at("anonymousId"), "7");
  EXPECT_EQ(events[0].at("device"), "desktop");
  EXPECT_EQ(events[0].at("source"), "orders");
  EXPECT_EQ(events[0].at("properties").at("revenue").dump(), "10.2") << "half to even";
  EXPECT_EQ(events[0].at("properties").at("gift"), true);
  EXPECT_EQ(events[0].at("properties").at("note"), "a; \"quoted\"\nnote");
  EXPECT_EQ(events[1].at("anonymousId"), "k");
  EXPECT_EQ(events[1].at("properties").at("revenue").dump(), "10.4");
  EXPECT_FALSE(events[1].at("properties").contains("note"));
}

constexpr const char* grouped =
    "format: csv\ntime: t\nevents:\n"
    "  - {event: Order Refunded, when: {column: o, starts_with: R}, negate: [quantity]}\n"
    "  - {event: Order Completed}\n"
    "keep: {column: shop, not_in: [test]}\n"
    "fields: {anonymousId: v, properties.order_id: o, properties.currency: {value: EUR}}\n"
    "lines:\n  by: o\n  within: 2\n  revenue: true\n"
    "  fields: {product_id: p, quantity: {column: q, type: integer}, price: {column: price, type: "
    "money}}\n";

TEST(Mapping, GathersRowsIntoOrdersAndSumsThem) {
  ImportReport report;
  const auto events = events_of(grouped,
                                "t,o,v,p,q,price,shop\n"
                                "2026-01-01T10:00:00Z,1,a,x,2,1.10,s\n"
                                "2026-01-01T10:00:01Z,2,b,y,1,5,s\n"
                                "2026-01-01T10:00:02Z,1,a,z,1,0.05,s\n"
                                "2026-01-01T10:00:02Z,9,a,z,1,0.05,test\n"
                                "2026-01-01T10:00:03Z,R1,a,x,-2,1.10,s\n",
                                &report);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(report.filtered, 1U);
  std::map<std::string, json> by_order;
  for (const json& event : events) by_order[event.at("properties").at("order_id")] = event;
  EXPECT_EQ(by_order["1"].at("properties").at("revenue").dump(), "2.25");
  EXPECT_EQ(by_order["1"].at("properties").at("products").size(), 2U);
  EXPECT_EQ(by_order["1"].at("timestamp"), "2026-01-01T10:00:00.000Z")
      << "the time of its first row";
  EXPECT_EQ(by_order["R1"].at("event"), "Order Refunded");
  EXPECT_EQ(by_order["R1"].at("properties").at("revenue").dump(), "2.2");
}

TEST(Mapping, RefusesRowsOfAnOrderThatStandTooFarApart) {
  ImportReport report;
  const std::string other = "2026-01-01T10:00:01Z,%,b,y,1,5,s\n";
  std::string text = "t,o,v,p,q,price,shop\n2026-01-01T10:00:00Z,1,a,x,2,1.10,s\n";
  for (const char number : {'2', '3', '4', '5'})
    text += std::string(other).replace(other.find('%'), 1, 1, number);
  text += "2026-01-01T10:00:09Z,1,a,x,2,1.10,s\n";
  events_of(grouped, text, &report);
  EXPECT_EQ(report.events, 5U);
  EXPECT_EQ(report.refused, 1U);
  ASSERT_EQ(report.refused_by_reason.size(), 1U);
  EXPECT_NE(report.refused_by_reason.begin()->first.find("lines.within"), std::string::npos);
  EXPECT_EQ(report.refused_by_reason.begin()->second.first[0].line, 7U);
}

TEST(Mapping, ReadsListsInsideJsonLines) {
  const auto events = events_of(
      "format: json-lines\nrows: events\ntime: {column: ts, format: epoch-ms}\nsource: web\n"
      "events:\n"
      "  - {event: Product Viewed, when: {column: type, equals: clicks}}\n"
      "  - {event: Product Added, when: {column: type, equals: carts}}\n"
      "  - {event: Order Completed, when: {column: type, equals: orders}}\n"
      "fields:\n"
      "  anonymousId: {column: session, prefix: otto-}\n"
      "  context.sessionId: session\n"
      "  properties.product_id: aid\n"
      "  properties.order_id: {row_id: true, for: [Order Completed]}\n",
      R"({"session":0,"events":[{"aid":1517085,"ts":1659304800025,"type":"clicks"},{"aid":1,"ts":1659304904511,"type":"carts"}]})"
      "\n"
      R"({"session":1,"events":[{"aid":2,"ts":1659304904511,"type":"orders"}]})"
      "\n");
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].at("event"), "Product Viewed");
  EXPECT_EQ(events[0].at("timestamp"), "2022-07-31T22:00:00.025Z");
  EXPECT_EQ(events[1].at("sessionId"), "0");
  EXPECT_EQ(events[2].at("anonymousId"), "otto-1");
  EXPECT_EQ(events[2].at("properties").at("order_id"), events[2].at("messageId"));
}

TEST(Mapping, RefusesCellsThatAreNotOfTheirType) {
  ImportReport report;
  events_of(
      "format: csv\ntime: t\nevents: Product Viewed\nfields: {anonymousId: v, properties.price: "
      "{column: p, type: money}}\n",
      "t,v,p\n2026-01-01,a,abc\nlater,a,1\n2026-01-01,a,1\n", &report);
  EXPECT_EQ(report.events, 1U);
  EXPECT_EQ(report.refused, 2U);
  EXPECT_EQ(report.refused_by_reason.size(), 2U);
}

TEST(TimePattern, ReadsEpochsAndPatternsAndRefusesTheRest) {
  EXPECT_EQ(to_ms(*parse_time("1433221332117", "epoch-ms")), 1'433'221'332'117);
  EXPECT_EQ(to_ms(*parse_time("1433221332", "epoch-s")), 1'433'221'332'000);
  EXPECT_EQ(format_timestamp(*parse_time("12/1/2010 8:26", "%m/%d/%Y %H:%M")),
            "2010-12-01T08:26:00Z");
  EXPECT_FALSE(parse_time("13/1/2010 8:26", "%m/%d/%Y %H:%M"));
  EXPECT_FALSE(parse_time("12/1/2010", "%m/%d/%Y %H:%M"));
  EXPECT_FALSE(parse_time("-1", "epoch-ms"));
  EXPECT_FALSE(parse_time("99999999999999999", "epoch-ms"));
  EXPECT_FALSE(check_time_format("%Y-%m"));
  EXPECT_FALSE(check_time_format("%Y-%m-%d %p"));
}

}  // namespace
}  // namespace bytebasket::producers::import_
