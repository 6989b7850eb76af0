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
using ::testing::Not;
using testing::properties;
using testing::reason;
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

TEST(NormalizeId, IsMadeFromTheEventWhereItHasNone) {
  const std::string one =
      canonical(R"({"type":"page","userId":"u","timestamp":"2026-11-22T09:00:00Z"})");
  EXPECT_EQ(one, canonical(R"({"type":"page","userId":"u","timestamp":"2026-11-22T09:00:00Z"})"));
  EXPECT_NE(one, canonical(R"({"type":"page","userId":"u","timestamp":"2026-11-22T09:00:01Z"})"));
  EXPECT_THAT(one, HasSubstr(R"("messageId":"bb-)"));
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
