#include "events/normalize.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/normalize_fixture.hpp"

namespace bytebasket::events {
namespace {

using testing::at;
using testing::canonical;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::normalize;
using testing::normalize_body;
using ::testing::Not;
using testing::properties;
using testing::reason;
using testing::received;
using ::testing::SizeIs;
using testing::track;

TEST(Normalize, WritesTheFieldsInTheirCanonicalOrder) {
  EXPECT_EQ(
      canonical(
          R"( { "messageId" : "m1", "foo": [1, 2], "context": {"ip": "192.0.2.1", "locale": "de-DE"},
      "properties": {"product_id": "p1", "price": 25.10, "colour": "r\u00f6t"}, "event": "Viewed Product",
      "userId": "u1", "anonymousId": "a1", "timestamp": "2026-11-22T09:00:00+01:00", "type": "track",
      "sentAt": "2026-11-22T08:00:05Z", "traits": {"a": 1}, "sessionId": "s1", "writeKey": "secret"} )"),
      R"({"type":"track","event":"Product Viewed","messageId":"m1","timestamp":"2026-11-22T09:59:55.000Z",)"
      R"("originalTimestamp":"2026-11-22T08:00:00.000Z","anonymousId":"a1","userId":"u1","source":"server",)"
      R"("sessionId":"s1","country":"DE","properties":{"product_id":"p1","price":25.1,"colour":"röt"},)"
      R"("traits":{"a":1},"context":{"ip":"192.0.2.1","locale":"de-DE"},"foo":[1,2]})");
}

TEST(Normalize, WritesMoneyAsItsShortestExactDecimal) {
  EXPECT_EQ(properties("Order Completed",
                       R"({"order_id":"o","revenue":"25.10","total":75.30000000000001,"tax":2e0})"),
            R"({"order_id":"o","revenue":25.1,"total":75.3,"tax":2})");
  EXPECT_EQ(properties("Cart Viewed",
                       R"({"products":[{"id":"p","price":"3.50","quantity":"2"},{"price":null}]})"),
            R"({"products":[{"product_id":"p","price":3.5,"quantity":2},{"price":null}]})");
}

TEST(Normalize, KeepsNumbersThatAreNoMoneyAsTheyWereSent) {
  EXPECT_EQ(
      properties("Product Viewed",
                 R"({"sku":"s","rating":4.50,"big":123456789012345678901234567890,"e":1E+2})"),
      R"({"sku":"s","rating":4.50,"big":123456789012345678901234567890,"e":1E+2})");
}

TEST(Normalize, RefusesAmountsThatMakeNoSenseAndNamesThem) {
  EXPECT_THAT(reason(track("Product Viewed", R"({"price":"ask us"})")),
              HasSubstr("properties.price: 'ask us'"));
  EXPECT_THAT(reason(track("Product Viewed", R"({"price":true})")),
              HasSubstr("properties.price must be"));
  EXPECT_THAT(reason(track("Product Viewed", R"({"price":1e30})")), HasSubstr("beyond"));
  EXPECT_THAT(reason(track("Product Viewed", R"({"price":NaN})")), HasSubstr("NaN"));
  EXPECT_THAT(reason(track("Cart Viewed", R"({"products":[{"price":1},{"price":"x"}]})")),
              HasSubstr("properties.products[1].price"));
  EXPECT_THAT(reason(track("Product Added", R"({"quantity":1.5})")),
              HasSubstr("properties.quantity must be a whole number"));
  EXPECT_THAT(reason(track("Product Added", R"({"quantity":-1})")), HasSubstr("whole number"));
  EXPECT_THAT(reason(track("Product Added", R"({"quantity":1e9})")), HasSubstr("whole number"));
  EXPECT_THAT(reason(track("Product Viewed", R"({"currency":"Euro"})")), HasSubstr("ISO 4217"));
  EXPECT_THAT(reason(track("Cart Viewed", R"({"products":"p1"})")), HasSubstr("must be an array"));
}

TEST(Normalize, KeepsUnknownEventsAsTheyAre) {
  EXPECT_EQ(
      properties(
          "Slider Moved",
          R"({"value":"left","price":{"a":1},"quantity":0.5,"currency":"gold","products":[7]})"),
      R"({"value":"left","price":{"a":1},"quantity":0.5,"currency":"gold","products":[7]})");
}

TEST(Normalize, KnowsTheNamesOfTheFirstSpecification) {
  EXPECT_THAT(canonical(track("completed order", R"({"orderId":"o1"})")),
              HasSubstr(R"("event":"Order Completed","messageId":"m")"));
  EXPECT_EQ(properties("Completed Order", R"({"orderId":"o1"})"), R"({"order_id":"o1"})");
  EXPECT_EQ(properties("Completed Order", R"({"orderId":"o1","order_id":"o2"})"),
            R"({"orderId":"o1","order_id":"o2"})");
  EXPECT_EQ(properties("Payment Failed", R"({"value":1})"), R"({"value":1,"status":"failed"})");
  EXPECT_EQ(properties("Payment Failed", R"({"status":"declined"})"), R"({"status":"declined"})");
  EXPECT_EQ(properties("Chargeback Received", "null"), R"({"label":"charged_back"})");
}

TEST(Normalize, WritesAMarkerBesideACompletedOrder) {
  const NormalizedItem item = normalize(
      R"({"type":"track","event":"Order Completed","messageId":"m","anonymousId":"a","userId":"u","source":"web",
      "timestamp":"2026-11-22T09:00:00Z","context":{"locale":"de-DE","sessionId":"s","ip":"192.0.2.1","app":{"name":"at"}},
      "properties":{"order_id":"o","cart_id":"c","currency":"eur","total":30,"shipping":3,"tax":2,
      "products":[{"product_id":"p","quantity":3},{"product_id":"q"}]}})");
  ASSERT_THAT(item.events, SizeIs(2));
  EXPECT_TRUE(item.events[0].transaction);
  EXPECT_EQ(item.events[0].key, "u");
  EXPECT_FALSE(item.events[1].transaction);
  EXPECT_EQ(item.events[1].key, "a");
  EXPECT_EQ(item.events[1].time, item.events[0].time);
  EXPECT_EQ(
      item.events[1].json,
      R"({"type":"track","event":"Order Marked","messageId":"m/marker","timestamp":"2026-11-22T09:00:00.000Z",)"
      R"("originalTimestamp":"2026-11-22T09:00:00.000Z","anonymousId":"a","userId":"u","source":"web","sessionId":"s",)"
      R"("country":"DE","properties":{"order_id":"o","revenue":25,"currency":"EUR","cart_id":"c","total_quantity":4,"line_count":2},"context":{"app":{"name":"at"}}})");
}

TEST(Normalize, SendsOrdersPaymentsAndLabelsToTransactionsAndTheRestToActivity) {
  for (const char* event : {"Order Updated", "Order Refunded", "Order Cancelled",
                            "Payment Attempted", "Fraud Labelled"}) {
    const NormalizedItem item = normalize(track(event, R"({"order_id":"o"})"));
    ASSERT_THAT(item.events, SizeIs(1)) << event;
    EXPECT_TRUE(item.events[0].transaction) << event;
  }
  for (const char* event : {"Product Viewed", "Checkout Started", "Anything Else"}) {
    EXPECT_FALSE(normalize(track(event, "{}")).events.at(0).transaction) << event;
  }
}

TEST(Normalize, RefusesAnOrderWithoutItsId) {
  const NormalizedItem item = normalize(track("Order Completed", R"({"revenue":1})"));
  EXPECT_THAT(reason(item), HasSubstr("Order Completed needs properties.order_id"));
  EXPECT_TRUE(item.refused->transaction);
  EXPECT_THAT(reason(track("Order Completed",
                           R"({"order_id":"o","products":[{"price":9e12,"quantity":1000000}]})")),
              HasSubstr("beyond"));
}

TEST(Normalize, RefusesTheMarkerThatOnlyItselfMayWrite) {
  EXPECT_THAT(reason(track("Order Marked", R"({"order_id":"o"})")),
              HasSubstr("written by ByteBasket itself"));
}

TEST(Normalize, RefusesCallsThatLackWhatTheyNeed) {
  EXPECT_THAT(reason(R"({"type":"track","event":"X"})"),
              HasSubstr("anonymousId or userId is needed"));
  EXPECT_THAT(reason(R"({"type":"track","event":"X","userId":""})"),
              HasSubstr("anonymousId or userId is needed"));
  EXPECT_THAT(reason(R"({"type":"track","userId":"u"})"), HasSubstr("needs event"));
  EXPECT_THAT(reason(R"({"type":"buy","userId":"u"})"), HasSubstr("'buy' is none of"));
  EXPECT_THAT(reason(R"({"userId":"u"})"), HasSubstr("is none of"));
  EXPECT_THAT(reason(R"({"type":"page","userId":"u","properties":5})"),
              HasSubstr("properties must be an object"));
  EXPECT_THAT(reason(R"({"type":"page","userId":"u","context":"x"})"),
              HasSubstr("context must be an object"));
  EXPECT_THAT(reason(R"({"type":"page","userId":")" + std::string(513, 'u') + R"("})"),
              HasSubstr("an id is longer"));
  EXPECT_THAT(reason("[1]"), HasSubstr("must be a JSON object"));
  EXPECT_THAT(reason("{\"type\":"), HasSubstr("no JSON"));
}

TEST(Normalize, TakesTheCallFromThePath) {
  EXPECT_THAT(canonical(R"({"userId":"u","messageId":"m"})", {.call = CallType::identify}),
              HasSubstr(R"({"type":"identify")"));
}

TEST(Normalize, TakesNumbersAsIds) {
  EXPECT_THAT(canonical(R"({"type":"page","userId":42,"messageId":"m"})"),
              HasSubstr(R"("userId":"42")"));
}

TEST(NormalizeTime, CorrectsTheClientsClockBySentAt) {
  const NormalizedItem item =
      normalize(R"({"type":"page","userId":"u","timestamp":"2020-01-01T00:00:00Z",
      "sentAt":"2020-01-01T00:00:10Z"})");
  EXPECT_EQ(item.events.at(0).time, received - Milliseconds(10'000));
  EXPECT_THAT(item.events[0].json, HasSubstr(R"("originalTimestamp":"2020-01-01T00:00:00.000Z")"));
}

TEST(NormalizeTime, TakesTheBatchsSentAtWhereTheItemHasNone) {
  Envelope envelope;
  envelope.received_at = received;
  const auto items = normalize_body(
      R"({"sentAt":"2026-11-22T09:00:00Z","writeKey":"k","batch":[
      {"type":"page","userId":"u","timestamp":"2026-11-22T08:59:59Z"},
      {"type":"page","userId":"u","timestamp":"2026-11-22T08:59:59Z","sentAt":"2026-11-22T08:59:59.500Z"}]})",
      envelope);
  ASSERT_TRUE(items);
  EXPECT_EQ(items->at(0).events.at(0).time, received - Milliseconds(1000));
  EXPECT_EQ(items->at(1).events.at(0).time, received - Milliseconds(500));
}

TEST(NormalizeBody, TellsItsWriteKeyBeforeItsItemsAreLookedAt) {
  Normalizer normalizer;
  ASSERT_TRUE(normalizer.read_body(R"({"writeKey":"k","type":"page","userId":"u"})"));
  EXPECT_EQ(normalizer.write_key(), "k");
  const auto items = normalizer.normalize_items({});
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_THAT(items[0].events.at(0).json, Not(HasSubstr("writeKey")));
  EXPECT_FALSE(normalizer.read_body("["));
  EXPECT_EQ(normalizer.write_key(), "");
  EXPECT_THAT(normalizer.normalize_items({}), IsEmpty());
}

TEST(NormalizeTime, StandsOnTheReceiptWhereTheClientGaveNoTime) {
  const NormalizedItem item = normalize(R"({"type":"page","userId":"u"})");
  EXPECT_EQ(item.events.at(0).time, received);
  EXPECT_THAT(item.events[0].json, Not(HasSubstr("originalTimestamp")));
}

TEST(NormalizeTime, KeepsATimeThatWasCorrectedBefore) {
  const NormalizedItem item = normalize(
      R"({"type":"page","userId":"u","timestamp":"2026-11-22T09:00:00Z","originalTimestamp":"2026-11-22T08:00:00Z"})");
  EXPECT_EQ(item.events.at(0).time, at("2026-11-22T09:00:00Z"));
}

TEST(NormalizeTime, ReadsSecondsAndMillisecondsAsNumbers) {
  EXPECT_EQ(normalize(R"({"type":"page","userId":"u","timestamp":1767225600})").events.at(0).time,
            at("2026-01-01"));
  EXPECT_EQ(
      normalize(R"({"type":"page","userId":"u","timestamp":1767225600000})").events.at(0).time,
      at("2026-01-01"));
  EXPECT_THAT(reason(R"({"type":"page","userId":"u","timestamp":1.5})"),
              HasSubstr("timestamp: '1.5' is no time"));
  EXPECT_THAT(reason(R"({"type":"page","userId":"u","timestamp":"yesterday"})"),
              HasSubstr("timestamp: 'yesterday'"));
}

TEST(NormalizeTime, RefusesWhatHappensMoreThanADayAfterItsReceipt) {
  EXPECT_EQ(reason(R"({"type":"page","userId":"u","timestamp":"2026-11-23T10:00:00Z"})"),
            "accepted");
  EXPECT_THAT(reason(R"({"type":"page","userId":"u","timestamp":"2026-11-23T10:00:00.001Z"})"),
              HasSubstr("1d after"));
  EXPECT_THAT(
      reason(
          R"({"type":"page","userId":"u","timestamp":"1971-01-01","sentAt":"9999-01-01T00:00:00Z"})"),
      HasSubstr("before 1970"));
}

TEST(NormalizeTime, BelievesTheReceiptInAFileOnlyWhereTold) {
  const std::string json = R"({"type":"page","userId":"u","receivedAt":"2026-01-01T00:00:00Z"})";
  EXPECT_EQ(normalize(json).events.at(0).received_at, received);
  const NormalizedItem item = normalize(json, {.trust_received_at = true});
  EXPECT_EQ(item.events.at(0).received_at, at("2026-01-01"));
  EXPECT_EQ(item.events.at(0).time, at("2026-01-01"));
}

TEST(NormalizeId, IsMadeFromTheEventWhereItHasNone) {
  const std::string one =
      canonical(R"({"type":"page","userId":"u","timestamp":"2026-11-22T09:00:00Z"})");
  EXPECT_EQ(one, canonical(R"({"type":"page","userId":"u","timestamp":"2026-11-22T09:00:00Z"})"));
  EXPECT_NE(one, canonical(R"({"type":"page","userId":"u","timestamp":"2026-11-22T09:00:01Z"})"));
  EXPECT_THAT(one, HasSubstr(R"("messageId":"bb-)"));
}

TEST(NormalizeSource, IsWhatTheEventSaysThenItsLibraryThenTheKeys) {
  const auto source = [](std::string_view members, Source by_key) {
    const std::string json = canonical(
        R"({"type":"page","userId":"u")" + std::string(members) + "}", {.default_source = by_key});
    const std::size_t begin = json.find("\"source\":\"") + 10;
    return json.substr(begin, json.find('"', begin) - begin);
  };
  EXPECT_EQ(
      source(R"(,"source":"cart","context":{"library":{"name":"analytics.js"}})", Source::orders),
      "cart");
  EXPECT_EQ(source(R"(,"context":{"source":"mobile"})", Source::orders), "mobile");
  EXPECT_EQ(source(R"(,"context":{"library":{"name":"analytics.js"}})", Source::orders), "web");
  EXPECT_EQ(source(R"(,"context":{"library":{"name":"analytics-ios"}})", Source::orders), "mobile");
  EXPECT_EQ(source(R"(,"context":{"library":{"name":"@segment/analytics-node"}})", Source::orders),
            "orders");
  EXPECT_EQ(source(R"(,"source":"moon")", Source::orders), "orders");
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","source":"moon"})"),
              HasSubstr(R"("originalSource":"moon")"));
}

TEST(NormalizeContext, TellsCountryDeviceAndCampaign) {
  const std::string json =
      canonical(R"x({"type":"page","userId":"u","context":{"location":{"country_code":"at"},
      "locale":"de-DE","userAgent":"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile/15E148","campaign":{"name":"spring"}}})x");
  EXPECT_THAT(json, HasSubstr(R"("country":"AT","device":"mobile","campaign":"spring")"));
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","context":{"device":{"type":"android"}}})"),
              HasSubstr(R"("device":"mobile")"));
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","context":{"location":{"country":"FR"}}})"),
              HasSubstr(R"("country":"FR")"));
}

TEST(NormalizeContext, OfABatchFillsWhatTheItemLacks) {
  Envelope envelope;
  envelope.received_at = received;
  const auto items = normalize_body(
      R"({"context":{"ip":"192.0.2.1","app":{"name":"shop"}},"batch":[{"type":"page","userId":"u","context":{"ip":"192.0.2.2"}},
      {"type":"page","userId":"u"}]})",
      envelope);
  ASSERT_TRUE(items);
  EXPECT_THAT(items->at(0).events.at(0).json,
              HasSubstr(R"("context":{"ip":"192.0.2.2","app":{"name":"shop"}})"));
  EXPECT_THAT(items->at(1).events.at(0).json,
              HasSubstr(R"("context":{"ip":"192.0.2.1","app":{"name":"shop"}})"));
}

TEST(NormalizeContext, GetsTheRemoteAddressOfABrowserButNotOfAServer) {
  EXPECT_THAT(
      canonical(R"({"type":"page","userId":"u","source":"web"})", {.remote_address = "192.0.2.9"}),
      HasSubstr(R"("context":{"ip":"192.0.2.9"})"));
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","source":"web","context":{"a":1}})",
                        {.remote_address = "192.0.2.9"}),
              HasSubstr(R"("context":{"a":1,"ip":"192.0.2.9"})"));
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","source":"orders"})",
                        {.remote_address = "192.0.2.9"}),
              Not(HasSubstr("192.0.2.9")));
}

TEST(NormalizeTwice, ChangesNothingTheSecondTime) {
  const std::string once =
      canonical(R"x({"type":"track","event":"Completed Order","userId":7,"anonymousId":"\u0061",
      "timestamp":"2026-11-22T09:00:00Z","sentAt":"2026-11-22T09:59:00Z","source":"moon","country":"Germany","device":{"a":1},
      "context":{"locale":"fr-FR","userAgent":"Mozilla/5.0 (Windows NT 10.0)"},"properties":{"orderId":1,"revenue":"1.50",
      "products":[{"id":1,"quantity":2.0}]},"integrations":{"All":true}})x");
  EXPECT_EQ(canonical(once), once);
}

}  // namespace
}  // namespace bytebasket::events
