#include "processors/fraud/velocity.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "processors/fraud/features.hpp"

namespace bytebasket::processors::fraud {
namespace {

using namespace std::chrono_literals;

const Timestamp start = timestamp_from_ms(1'767'225'600'000);

PastAttempt at(Milliseconds after, std::int64_t amount = 1'000'000, std::uint64_t card = 7) {
  PastAttempt past;
  past.time = start + after;
  past.amount = amount;
  past.currency = events::Currency::parse("EUR")->bits();
  past.attributes[static_cast<std::size_t>(Attribute::card)] = card;
  return past;
}

Velocity with(const std::vector<PastAttempt>& attempts, std::size_t limit = 100) {
  Velocity velocity;
  for (const PastAttempt& attempt : attempts) velocity.add(attempt, limit);
  return velocity;
}

FeatureValue customer_feature(Aggregate aggregate, const Velocity& velocity, const PastAttempt& now,
                              Attribute of = {}) {
  Feature feature;
  feature.aggregate = aggregate;
  feature.window = 10min;
  feature.of = of;
  Attempt attempt;
  attempt.time = now.time;
  return value_of(feature, attempt, now, {&velocity, nullptr, nullptr, nullptr});
}

TEST(Velocity, WindowEndsWithTheAttemptAndExcludesItsStart) {
  const Velocity velocity = with({at(0min), at(1ms), at(5min), at(11min)});
  EXPECT_EQ(velocity.within(start + 10min, 10min).size(), 2U);
}

TEST(Velocity, LateAttemptsStandAtTheirOwnTime) {
  const Velocity velocity = with({at(5min), at(1min), at(3min)});
  EXPECT_EQ(velocity.within(start + 3min, 10min).size(), 2U);
  EXPECT_EQ(velocity.first_seen(), start + 1min);
}

TEST(Velocity, BeyondTheLimitTheOldestGoAndCountsBecomeLowerBounds) {
  const Velocity velocity = with({at(1min), at(2min), at(3min)}, 2);
  EXPECT_EQ(velocity.size(), 2U);
  EXPECT_TRUE(velocity.is_lower_bound(start + 4min, 10min));
  EXPECT_FALSE(velocity.is_lower_bound(start + 4min, 3min));
  EXPECT_EQ(velocity.first_seen(), start + 1min);
}

TEST(Velocity, ForgetsWhatNoWindowReaches) {
  const Velocity velocity = with({at(0min), at(longest_window)});
  EXPECT_EQ(velocity.size(), 1U);
  EXPECT_FALSE(velocity.is_lower_bound(start + longest_window, longest_window));
}

TEST(Velocity, CorruptBytesAreRefused) {
  std::string bytes = with({at(1min), at(2min)}).encode();
  bytes.pop_back();
  EXPECT_EQ(Velocity::decode(bytes).error().code, ErrorCode::corrupt);
  EXPECT_EQ(Velocity::decode("\x09").error().code, ErrorCode::corrupt);
}

RC_GTEST_PROP(Velocity, StoredFormKeepsEverything,
              (std::vector<std::tuple<std::uint32_t, std::int64_t, std::uint8_t>> seeds)) {
  Velocity velocity;
  for (const auto& [minute, amount, bits] : seeds) {
    PastAttempt past = at(Milliseconds(minute % 100'000) * 60, amount, bits % 4);
    past.failed = (bits & 4) != 0;
    if ((bits & 8) != 0) past.amount.reset();
    past.attributes[static_cast<std::size_t>(Attribute::ip)] = bits / 16;
    velocity.add(past, 20);
  }
  const auto decoded = Velocity::decode(velocity.encode());
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(decoded->encode() == velocity.encode());
  const auto all = velocity.within(start + longest_window, longest_window);
  const auto again = decoded->within(start + longest_window, longest_window);
  RC_ASSERT(std::vector<PastAttempt>(all.begin(), all.end()) ==
            std::vector<PastAttempt>(again.begin(), again.end()));
}

TEST(Features, SumTakesOnlyTheAttemptsOwnCurrency) {
  PastAttempt dollars = at(2min, 50'000'000);
  dollars.currency = events::Currency::parse("USD")->bits();
  const Velocity velocity = with({at(1min, 10'000'000), dollars, at(3min, 5'000'000)});
  EXPECT_EQ(customer_feature(Aggregate::sum, velocity, at(4min)).value, 15'000'000);
}

TEST(Features, DistinctCountsValuesOnceAndLeavesOutTheUnknown) {
  const Velocity velocity = with({at(1min, 1, 7), at(2min, 1, 8), at(3min, 1, 7), at(4min, 1, 0)});
  EXPECT_EQ(customer_feature(Aggregate::distinct, velocity, at(5min), Attribute::card).value,
            2'000'000);
}

TEST(Features, MatchingIsUnknownWhereTheAttemptNamesNoValue) {
  const Velocity velocity = with({at(1min, 1, 7), at(2min, 1, 8)});
  EXPECT_EQ(customer_feature(Aggregate::matching, velocity, at(5min, 1, 7), Attribute::card).value,
            1'000'000);
  EXPECT_EQ(customer_feature(Aggregate::matching, velocity, at(5min, 1, 0), Attribute::card).value,
            std::nullopt);
}

TEST(Features, RatioComparesWithTheMeanAndIsUnknownWithoutOne) {
  const Velocity velocity = with({at(1min, 10'000'000), at(2min, 20'000'000)});
  EXPECT_EQ(customer_feature(Aggregate::ratio, velocity, at(3min, 45'000'000)).value, 3'000'000);
  EXPECT_EQ(customer_feature(Aggregate::ratio, Velocity(), at(3min, 45'000'000)).value,
            std::nullopt);
}

TEST(Features, AgeIsInSecondsAndNothingForANewEntity) {
  EXPECT_EQ(customer_feature(Aggregate::age, with({at(0min)}), at(2min)).value, 120'000'000);
  EXPECT_EQ(customer_feature(Aggregate::age, Velocity(), at(2min)).value, 0);
}

TEST(Features, AreUnknownForAnEntityThatTheAttemptDoesNotName) {
  Feature feature;
  feature.entity = Entity::card;
  EXPECT_EQ(value_of(feature, Attempt(), at(1min), {}).value, std::nullopt);
}

}  // namespace
}  // namespace bytebasket::processors::fraud
