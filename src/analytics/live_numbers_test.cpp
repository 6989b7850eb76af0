#include "analytics/live_numbers.hpp"

#include <gtest/gtest.h>

namespace bytebasket::analytics {
namespace {

constexpr Milliseconds second{1000};
constexpr Milliseconds minute{60'000};

/// A metric store of two numbers: orders by minute, and visitors.
class LiveNumbersTest : public testing::Test {
 protected:
  LiveNumbersTest()
      : reader_([this](const MetricQuery& query, Timestamp) { return answer(query); },
                Milliseconds(300'000)) {}

  Result<MetricAnswer> answer(const MetricQuery& query) {
    if (!failure_.empty()) return fail(ErrorCode::unavailable, failure_);
    MetricAnswer answer;
    if (query.metric == "visitors") {
      visitors_from_ = *query.from;
      if (visitors_ > 0) answer.rows.push_back({*query.from, {}, std::to_string(visitors_)});
      return answer;
    }
    for (const auto& [window, count] : orders_) {
      if (window >= *query.from && window < *query.to)
        answer.rows.push_back({window, {}, std::to_string(count)});
    }
    return answer;
  }

  void order(std::int64_t count = 1) { orders_[floor_to(now_, minute)] += count; }
  std::int64_t orders_after(Milliseconds step) {
    now_ += step;
    const auto numbers = reader_.read(now_);
    EXPECT_TRUE(numbers);
    return numbers ? numbers->orders_last_minute : -1;
  }

  Timestamp now_ = *parse_timestamp("2026-11-22T10:00:30Z");
  std::map<Timestamp, std::int64_t> orders_;
  std::int64_t visitors_ = 0;
  std::string failure_;
  Timestamp visitors_from_;
  LiveNumbersReader reader_;
};

TEST_F(LiveNumbersTest, VisitorsAreTheDistinctOnesOfTheMinutesOfTheLastFive) {
  visitors_ = 12;
  const auto numbers = reader_.read(now_);
  ASSERT_TRUE(numbers);
  EXPECT_EQ(numbers->visitors_now, 12);
  EXPECT_EQ(visitors_from_, *parse_timestamp("2026-11-22T09:55:00Z"));
}

TEST_F(LiveNumbersTest, NobodyIsZero) { EXPECT_EQ(reader_.read(now_)->visitors_now, 0); }

TEST_F(LiveNumbersTest, AnOrderCountsForSixtySeconds) {
  EXPECT_EQ(orders_after(second), 0);
  order(2);
  EXPECT_EQ(orders_after(second), 2);
  for (int i = 0; i < 59; ++i) EXPECT_EQ(orders_after(second), 2) << i;
  EXPECT_EQ(orders_after(second), 0);
}

TEST_F(LiveNumbersTest, WhatStoodBeforeTheFirstReadingIsNotNew) {
  order(100);
  EXPECT_EQ(orders_after(second), 0);
  order(1);
  EXPECT_EQ(orders_after(second), 1);
}

TEST_F(LiveNumbersTest, ACancelledOrderTakesNothingFromTheNextOnes) {
  order(5);
  orders_after(second);
  order(-1);
  EXPECT_EQ(orders_after(second), 0);
  order(1);
  EXPECT_EQ(orders_after(second), 1);
}

TEST_F(LiveNumbersTest, AfterAPauseWhatCameMeanwhileIsNotOfTheLastMinute) {
  orders_after(second);
  order(9);
  EXPECT_EQ(orders_after(Milliseconds(20'000)), 0);
}

TEST_F(LiveNumbersTest, AStoreThatFailsIsSaid) {
  failure_ = "no store";
  const auto numbers = reader_.read(now_);
  ASSERT_FALSE(numbers);
  EXPECT_EQ(numbers.error().message, "no store");
}

}  // namespace
}  // namespace bytebasket::analytics
