#include "processors/lag_watch.hpp"

#include <gtest/gtest.h>

#include "support/in_memory_engines.hpp"

namespace bytebasket::processors {
namespace {

using streams::Stream;
using streams::TopicPartition;

/// A log that can be away, and whose group has committed something.
class AwayLog final : public testing::InMemoryLog {
 public:
  using InMemoryLog::InMemoryLog;
  Result<streams::LogRange> range(TopicPartition where) override {
    if (away) return fail(ErrorCode::unavailable, "no answer");
    return InMemoryLog::range(where);
  }
  Result<std::optional<Offset>> committed(std::string_view group, TopicPartition) override {
    return group == "group" ? done : std::nullopt;
  }
  bool away = false;
  std::optional<Offset> done;
};

class LagWatchTest : public ::testing::Test {
 protected:
  std::optional<std::int64_t> lag() {
    return counters_.processing.partitions.of("user-activity/0").group_lag.value();
  }
  void append(int count) {
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(append_and_wait(log_, {{.stream = Stream::user_activity, .key = "v"}}));
  }

  Counters counters_;
  AwayLog log_{1};
  const TopicPartition where_{Stream::user_activity, PartitionId(0)};
  LagWatch watch_{log_, "group", {where_}, counters_};
};

TEST_F(LagWatchTest, KnowsNothingBeforeItLooks) { EXPECT_EQ(lag(), std::nullopt); }

TEST_F(LagWatchTest, WhatNobodyEverProcessedWaits) {
  append(3);
  watch_.look();
  EXPECT_EQ(lag(), 3);
}

TEST_F(LagWatchTest, WhatTheGroupHasCommittedDoesNotWait) {
  append(3);
  log_.done = Offset(2);
  watch_.look();
  EXPECT_EQ(lag(), 1);
}

TEST_F(LagWatchTest, WhereTheLogIsAwayTheLagIsUnknownAndTheReasonSaid) {
  append(3);
  watch_.look();
  log_.away = true;
  watch_.look();
  EXPECT_EQ(lag(), std::nullopt);
  EXPECT_EQ(counters_.log.away.reason(), "no answer");
  log_.away = false;
  watch_.look();
  EXPECT_EQ(lag(), 3);
  EXPECT_EQ(counters_.log.away.reason(), std::nullopt);
}

}  // namespace
}  // namespace bytebasket::processors
