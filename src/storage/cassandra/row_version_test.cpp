#include "storage/cassandra/row_version.hpp"

#include <gtest/gtest.h>

namespace bytebasket::storage {
namespace {

Position at(std::int32_t epoch, std::int64_t offset) { return {Epoch(epoch), Offset(offset)}; }

TEST(WriteTimestamp, GrowsWithThePosition) {
  EXPECT_GT(write_timestamp(at(0, -1)), 0) << "what has no position has none";
  EXPECT_LT(write_timestamp(at(0, -1)), write_timestamp(at(0, 0)));
  EXPECT_LT(write_timestamp(at(1, 7)), write_timestamp(at(1, 8)));
  EXPECT_LT(write_timestamp(at(1, std::int64_t{1} << 47)), write_timestamp(at(2, 0)));
}

TEST(WriteTimestamp, KeepsTheOrderWithinAnyEpoch) {
  for (const std::int32_t epoch : {0x7FFF, 0x8000, 0x7FFFFFFF, -1}) {
    EXPECT_GT(write_timestamp(at(epoch, 0)), 0);
    EXPECT_LT(write_timestamp(at(epoch, 5)), write_timestamp(at(epoch, 6)));
  }
}

constexpr Timestamp now = timestamp_from_ms(1'800'000'000'700);

TEST(TimeToLive, IsForEverWithoutAnExpiry) {
  EXPECT_EQ(time_to_live(std::nullopt, now).seconds, 0);
  EXPECT_FALSE(time_to_live(std::nullopt, now).expired);
}

TEST(TimeToLive, EndsInTheSecondOfTheExpiryWheneverTheRowIsWritten) {
  const Timestamp expiry = timestamp_from_ms(1'800'000'010'200);
  EXPECT_EQ(time_to_live(expiry, timestamp_from_ms(1'800'000'000'000)).seconds, 10);
  EXPECT_EQ(time_to_live(expiry, now).seconds, 10);
  EXPECT_EQ(time_to_live(expiry, timestamp_from_ms(1'800'000'001'000)).seconds, 9);
}

TEST(TimeToLive, IsOverForWhatExpiredAndForWhatExpiresWithinThisSecond) {
  EXPECT_TRUE(time_to_live(now, now).expired);
  EXPECT_TRUE(time_to_live(timestamp_from_ms(1'000'000'000'000), now).expired);
  EXPECT_TRUE(time_to_live(timestamp_from_ms(1'800'000'000'999), now).expired);
  EXPECT_FALSE(time_to_live(timestamp_from_ms(1'800'000'001'000), now).expired);
}

TEST(TimeToLive, KeepsWhatWouldExpireLaterThanCassandraCanSay) {
  EXPECT_EQ(time_to_live(now + std::chrono::hours(24 * 365 * 21), now).seconds, 0);
  // 2038-01-19T03:14:06Z is the last second that it can say.
  EXPECT_GT(time_to_live(timestamp_from_ms(2'147'483'646'000), now).seconds, 0);
  EXPECT_EQ(time_to_live(timestamp_from_ms(2'147'483'647'000), now).seconds, 0);
}

}  // namespace
}  // namespace bytebasket::storage
