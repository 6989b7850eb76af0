#include "base/time.hpp"

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::string again(std::string_view text) {
  const auto time = parse_timestamp(text);
  return time ? format_timestamp(*time) : "refused: " + time.error().message;
}

TEST(ParseTimestamp, ReadsTheFormsThatShopsSend) {
  EXPECT_EQ(again("2026-11-22T10:00:00Z"), "2026-11-22T10:00:00Z");
  EXPECT_EQ(again("2026-11-22T10:00:00.123Z"), "2026-11-22T10:00:00.123Z");
  EXPECT_EQ(again("2026-11-22T10:00:00.1Z"), "2026-11-22T10:00:00.100Z");
  EXPECT_EQ(again("2026-11-22T10:00:00.123999Z"), "2026-11-22T10:00:00.123Z");
  EXPECT_EQ(again("2026-11-22T10:00:00+02:00"), "2026-11-22T08:00:00Z");
  EXPECT_EQ(again("2026-11-22T10:00:00-0530"), "2026-11-22T15:30:00Z");
  EXPECT_EQ(again("2026-11-22 10:00:00 UTC"), "2026-11-22T10:00:00Z");
  EXPECT_EQ(again("2026-11-22 10:00"), "2026-11-22T10:00:00Z");
  EXPECT_EQ(again("2026-11-22"), "2026-11-22T00:00:00Z");
  EXPECT_EQ(again("2028-02-29"), "2028-02-29T00:00:00Z");
}

TEST(ParseTimestamp, RefusesWhatIsNoTimeAndSaysWhich) {
  for (const char* text :
       {"", "now", "2026", "2026-13-01", "2026-02-29", "2026-11-22T", "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z", "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00+25:00",
        "2026-11-22T10:00:00Zoo", "1969-12-31", "20261122"}) {
    const auto time = parse_timestamp(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(time.error().message.find("'" + std::string(text) + "'"), std::string::npos)
        << time.error().message;
  }
}

TEST(FormatTimestamp, GivesBackWhatIsRead) {
  for (const std::int64_t ms :
       {0LL, 1LL, 999LL, 1000LL, 951'782'399'999LL, 1'767'261'600'123LL, 253'402'300'799'999LL}) {
    const Timestamp time = timestamp_from_ms(ms);
    EXPECT_EQ(parse_timestamp(format_timestamp(time)), time);
    std::string canonical;
    append_timestamp_ms(canonical, time);
    EXPECT_EQ(canonical.size(), 24U);
    EXPECT_EQ(parse_timestamp(canonical), time);
  }
  EXPECT_EQ(format_date(timestamp_from_ms(1'767'261'600'123)), "2026-01-01");
}

TEST(FloorTo, FindsTheStartOfAWindowAlsoBefore1970) {
  EXPECT_EQ(floor_to(timestamp_from_ms(119'999), minutes(1)), timestamp_from_ms(60'000));
  EXPECT_EQ(floor_to(timestamp_from_ms(120'000), minutes(1)), timestamp_from_ms(120'000));
  EXPECT_EQ(floor_to(timestamp_from_ms(-1), hours(1)), timestamp_from_ms(-3'600'000));
}

TEST(ParseDuration, ReadsOneNumberWithOneUnit) {
  EXPECT_EQ(parse_duration("250ms"), Milliseconds(250));
  EXPECT_EQ(parse_duration("30s"), Milliseconds(30'000));
  EXPECT_EQ(parse_duration("5m"), Milliseconds(300'000));
  EXPECT_EQ(parse_duration("1h"), Milliseconds(3'600'000));
  EXPECT_EQ(parse_duration("14d"), Milliseconds(1'209'600'000));
  EXPECT_EQ(parse_duration("forever"), Milliseconds::max());
  for (const char* text : {"", "5", "m", "-5m", "5 m", "5w", "9999999999999999d", "1h30m"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(FormatDuration, GivesTheLargestWholeUnit) {
  for (const char* text : {"250ms", "30s", "5m", "1h", "14d", "forever", "0ms", "90m"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
}

TEST(ManualClock, StandsWhereItIsPut) {
  ManualClock clock(timestamp_from_ms(5));
  clock.advance(Milliseconds(10));
  EXPECT_EQ(clock.now(), timestamp_from_ms(15));
  clock.set(timestamp_from_ms(3));
  EXPECT_EQ(clock.now(), timestamp_from_ms(3));
}

}  // namespace
}  // namespace bytebasket
