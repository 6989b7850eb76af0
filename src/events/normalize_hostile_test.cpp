// What no client should send, and what must not be kept.
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

TEST(NormalizeCards, RefusesACardNumberAnywhereAndMasksIt) {
  for (const char* json : {
           R"({"type":"page","userId":"u","properties":{"card_number":"4111 1111 1111 1111"}})",
           R"({"type":"page","userId":"u","properties":{"note":"my card 4111-1111-1111-1111"}})",
           R"({"type":"page","userId":"u","properties":{"payment":{"n":4111111111111111}}})",
           R"({"type":"page","userId":"u","traits":{"a":[[{"b":"4111111111111111"}]]}})",
           R"({"type":"page","userId":"u","context":{"4111111111111111":1}})",
           R"({"type":"page","userId":"4111111111111111"})",
           R"({"type":"page","userId":"u","x":"4111\u00311111111\u0031111"})",
           R"({"type":"page","userId":"u","c\u0061rd_number":"1000000000000"})",
           R"({"type":"page","userId":"u","pan":4006381333931})",
       }) {
    const NormalizedItem item = normalize(json);
    EXPECT_THAT(reason(item), HasSubstr("a card number in")) << json;
    ASSERT_TRUE(item.refused) << json;
    EXPECT_THAT(item.refused->payload, HasSubstr("****")) << json;
    EXPECT_THAT(item.refused->payload, Not(HasSubstr("4111"))) << json;
    EXPECT_THAT(item.events, IsEmpty()) << json;
    EXPECT_THAT(reason(item.refused->payload), Not(HasSubstr("no JSON"))) << item.refused->payload;
  }
}

TEST(NormalizeCards, AreMaskedWhateverTheEventIsRefusedFor) {
  EXPECT_EQ(normalize(R"({"type":"buy","card_number":"4111111111111111","n":4111111111111111})")
                .refused->payload,
            R"({"type":"buy","card_number":"************1111","n":"************1111"})");
  EXPECT_THAT(normalize(R"({"card_number":"4111111111111111")").refused->payload,
              HasSubstr("************1111"));
  Envelope envelope;
  const auto items = normalize_body(R"({"batch":["4111111111111111",4111111111111111]})", envelope);
  ASSERT_TRUE(items);
  for (const NormalizedItem& item : *items)
    EXPECT_THAT(item.refused->payload, Not(HasSubstr("41111"))) << reason(item);
}

TEST(NormalizeCards, AreNotSeenInCodesAndIds) {
  for (
      const char* json : {
          R"({"type":"page","userId":"u","messageId":"4111111111111111"})",
          R"({"type":"page","userId":"u","properties":{"product_id":"4111111111111111","ean":"4006381333931"}})",
          R"({"type":"page","userId":"u","properties":{"order_id":4111111111111111}})",
          R"({"type":"page","userId":"u","properties":{"width":0.4111111111111111,"time":1767225600000}})",
          R"({"type":"page","userId":"u","properties":{"card_fingerprint":"fp_41111111111111119"}})",
      }) {
    EXPECT_EQ(reason(json), "accepted") << json;
  }
}

TEST(NormalizeHostile, NeverLosesTheNeighboursOfABadItem) {
  const std::string deep(100'000, '[');
  const std::string close(100'000, ']');
  const std::string good = R"({"type":"page","userId":"u","messageId":"good"})";
  for (const std::string& bad : {
           std::string("null"),
           std::string("[]"),
           std::string("7"),
           std::string(R"("text")"),
           std::string("{}"),
           R"({"type":"page","userId":"u","x":)" + deep + close + "}",
           std::string("{\"type\":\"page\",\"userId\":\"\xFF\xFE\"}"),
           std::string("{\"type\":\"page\",\"userId\":\"a\x01\"}"),
           std::string(R"({"type":"page","userId":"\x"})"),
           std::string(R"({"type":"page","userId":"\u12"})"),
           std::string(R"({"type":"page","userId":"u","a":01})"),
           std::string(R"({"type":"page","userId":"u","a":Infinity})"),
           R"({"type":"page","userId":"u","a":")" + std::string(40'000, 'x') + R"("})",
       }) {
    Envelope envelope;
    envelope.received_at = received;
    const auto items =
        normalize_body(R"({"batch":[)" + good + "," + bad + "," + good + "]}", envelope);
    ASSERT_TRUE(items) << items.error().message;
    ASSERT_THAT(*items, SizeIs(3));
    EXPECT_FALSE(items->at(0).refused);
    EXPECT_TRUE(items->at(1).refused) << bad.substr(0, 100);
    EXPECT_FALSE(items->at(2).refused);
  }
}

TEST(NormalizeHostile, RefusesAllThatWouldTakeOverABadContextOfTheirBatch) {
  for (const std::string& context :
       {std::string(R"({"ip":"4111111111111111"})"), std::string(R"({"a":NaN})"),
        std::string("{\"a\":\"\xFF\"}"), R"({"a":")" + std::string(40'000, 'x') + R"("})"}) {
    const auto items =
        normalize_body(R"({"batch":[{"type":"page","userId":"u"}],"context":)" + context + "}");
    ASSERT_TRUE(items);
    EXPECT_TRUE(items->at(0).refused) << context.substr(0, 50);
  }
}

TEST(NormalizeHostile, IsAnErrorOnlyWhereTheBodyIsNoJsonObject) {
  const std::string deep = std::string(2'000'000, '[');
  for (const std::string& body :
       {std::string(), std::string("   "), std::string("track"), std::string("[]"),
        std::string("{"), std::string("{}{}"), std::string(R"({"batch":[{"a":1},]})"),
        std::string(R"({"batch":[{"a":1})"), std::string(R"({"batch":5})"),
        std::string(R"({"a" 1})"), std::string(R"({"a":"x)"), std::string(R"({"a":"x\)"), deep,
        std::string("{\"a\":1\0}", 8)}) {
    const auto items = normalize_body(body, {});
    EXPECT_FALSE(items) << body.substr(0, 100);
    EXPECT_TRUE(items || items.error().code == ErrorCode::invalid_argument);
  }
}

TEST(NormalizeHostile, LimitsTheDepthOfOneEventAloneAndInABatch) {
  const auto event = [](std::size_t levels) {
    return R"({"type":"page","userId":"u","messageId":"m","a":)" + std::string(levels, '[') +
           std::string(levels, ']') + "}";
  };
  EXPECT_EQ(reason(event(31)), "accepted");
  EXPECT_THAT(reason(event(32)), HasSubstr("nested too deep"));
  const auto items = normalize_body(R"({"batch":[)" + event(31) + "," + event(32) + "]}", {});
  ASSERT_TRUE(items);
  EXPECT_FALSE(items->at(0).refused);
  EXPECT_THAT(reason(items->at(1)), HasSubstr("at most 32 levels"));
}

TEST(NormalizeHostile, TakesNoBatchOfMoreItemsThanAllowed) {
  Normalizer normalizer({.max_items = 3});
  EXPECT_TRUE(normalizer.read_body(R"({"batch":[{},[[],[],[]],"three"]})"));
  const Status refused = normalizer.read_body(R"({"batch":[{},{},{},{}]})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::resource_exhausted);
  EXPECT_EQ(refused.error().message, "the batch has 4 events; at most 3 are allowed");
  EXPECT_THAT(normalizer.normalize_body({}).refused, IsEmpty());
}

TEST(NormalizeHostile, SaysWhenAnEventIsTooLarge) {
  const NormalizedItem item =
      normalize(R"({"type":"page","userId":"u","a":"0123456789"})", {}, {.max_bytes = 30});
  EXPECT_THAT(reason(item), HasSubstr("at most 30 are allowed"));
  EXPECT_TRUE(item.refused->too_large);
}

TEST(NormalizeHostile, LetsTheLastOfTwoEqualKeysCount) {
  EXPECT_EQ(
      canonical(
          R"({"type":"page","type":"screen","userId":"a","userId":"b","messageId":"m","messageId":"n"})"),
      R"({"type":"screen","messageId":"n","timestamp":"2026-11-22T10:00:00.000Z","userId":"b","source":"server","properties":{}})");
}

TEST(NormalizeHostile, KnowsItsKeysInEverySpelling) {
  EXPECT_EQ(properties("Completed Order", R"({"orderId":"o1","order_\u0069d":"o2"})"),
            R"({"orderId":"o1","order_id":"o2"})");
  const auto items = normalize_body(
      R"({"b\u0061tch":[{"type":"page","userId":"u","context":{"ip":"192.0.2.1"}}],"context":{"\u0069p":"192.0.2.2","a":1}})");
  ASSERT_TRUE(items);
  EXPECT_THAT(items->at(0).events.at(0).json.view(),
              HasSubstr(R"("context":{"ip":"192.0.2.1","a":1})"));
}

TEST(NormalizeHostile, ReplacesHalfSurrogatesAndKeepsPairs) {
  EXPECT_THAT(canonical(R"({"type":"page","userId":"\ud83d","messageId":"\ud83d\ude00\u0000"})"),
              HasSubstr("\"messageId\":\"😀\\u0000\",\"timestamp\":\"2026-11-22T10:00:00.000Z\","
                        "\"userId\":\"\xEF\xBF\xBD\""));
}

TEST(NormalizeHostile, SkipsAByteOrderMark) {
  EXPECT_EQ(reason("\xEF\xBB\xBF{\"type\":\"page\",\"userId\":\"u\"}"), "accepted");
}

}  // namespace
}  // namespace bytebasket::events
