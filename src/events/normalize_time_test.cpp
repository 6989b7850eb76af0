// When an event happened: by its client, whose clock may be wrong, or by its receipt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/normalize_fixture.hpp"

namespace bytebasket::events {
namespace {

using testing::at;
using ::testing::HasSubstr;
using testing::normalize;
using testing::normalize_body;
using ::testing::Not;
using testing::reason;
using testing::received;

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

}  // namespace
}  // namespace bytebasket::events
