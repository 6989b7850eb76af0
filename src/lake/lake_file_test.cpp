#include "lake/lake_file.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/in_memory_files.hpp"

namespace bytebasket::lake {
namespace {

using streams::Stream;
using testing::InMemoryFiles;

constexpr Timestamp ten_o_clock = timestamp_from_ms(1'795'341'600'000);

LakeFile file(std::int64_t first, std::int64_t last, Timestamp hour = ten_o_clock,
              int partition = 3) {
  return {.stream = Stream::user_activity,
          .hour = hour,
          .epoch = Epoch(1),
          .partition = PartitionId(partition),
          .first = Offset(first),
          .last = Offset(last)};
}

void put(InMemoryFiles& store, const LakeFile& file) {
  ASSERT_TRUE(storage::publish_file(store, file.path(), "x"));
}

TEST(LakeFile, IsNamedByDayHourEpochPartitionAndRange) {
  EXPECT_EQ(file(100, 250).path(), "user-activity/date=2026-11-22/hour=10/e1-p3-100-250.parquet");
}

TEST(LakeFile, IsReadBackFromItsName) {
  const auto read = parse_file_name(Stream::user_activity, ten_o_clock, "e1-p3-100-250.parquet");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, file(100, 250));
}

TEST(LakeFile, OtherNamesAreNotTheLakes) {
  for (const char* name :
       {"e1-p3-100-250.parquet.tmp", "e1-p3-100.parquet", "e1-p3-250-100.parquet",
        "e1-p3--1-5.parquet", "e01-p3-1-5.parquet", "e1-p3-+1-5.parquet", "_SUCCESS",
        "e1-p3-1-99999999999999999999.parquet"}) {
    EXPECT_FALSE(parse_file_name(Stream::user_activity, ten_o_clock, name)) << name;
  }
}

TEST(Covering, ALargerRangeWinsOverThoseItContains) {
  const auto chosen = covering({file(0, 9), file(10, 19), file(0, 19), file(20, 29), file(12, 15)});
  EXPECT_EQ(chosen, (std::vector{file(0, 19), file(20, 29)}));
}

TEST(Covering, RangesThatOnlyOverlapAreBothRead) {
  EXPECT_EQ(covering({file(5, 20), file(0, 10)}), (std::vector{file(0, 10), file(5, 20)}));
}

TEST(NewestFile, IsFoundInTheNewestHourThatThePartitionHas) {
  InMemoryFiles store;
  put(store, file(0, 9));
  put(store, file(10, 19, ten_o_clock + std::chrono::hours(3)));
  put(store, file(0, 99, ten_o_clock + std::chrono::hours(40), 0));
  const auto newest = newest_file(store, {Stream::user_activity, PartitionId(3)}, Epoch(1));
  ASSERT_TRUE(newest && *newest);
  EXPECT_EQ((*newest)->last, Offset(19));
  const auto other_epoch = newest_file(store, {Stream::user_activity, PartitionId(3)}, Epoch(2));
  ASSERT_TRUE(other_epoch);
  EXPECT_FALSE(*other_epoch);
}

TEST(ArchivedUntil, ALakeAheadOfTheLogIsOfAnotherLog) {
  InMemoryFiles store;
  put(store, file(0, 9));
  const streams::TopicPartition where{Stream::user_activity, PartitionId(3)};
  const auto archived = archived_until(store, where, {Epoch(1), Offset(0), Offset(10)});
  ASSERT_TRUE(archived);
  EXPECT_EQ(*archived, Offset(10));
  const auto foreign = archived_until(store, where, {Epoch(1), Offset(0), Offset(9)});
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace bytebasket::lake
