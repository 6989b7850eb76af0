#include "metrics/aggregate.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/hash.hpp"

namespace bytebasket::metrics {
namespace {

constexpr std::array<AggregateKind, 7> all_kinds = {
    AggregateKind::count,    AggregateKind::sum,      AggregateKind::min,      AggregateKind::max,
    AggregateKind::distinct, AggregateKind::quantile, AggregateKind::histogram};
constexpr std::array<std::int64_t, 3> bounds = {0, 100, 10'000};

Aggregate of(AggregateKind kind, const std::vector<std::int64_t>& values) {
  Aggregate aggregate(kind);
  for (const std::int64_t value : values) aggregate.add(value, 1, bounds);
  return aggregate;
}

Aggregate merged(Aggregate a, const Aggregate& b) {
  a.merge(b);
  return a;
}

rc::Gen<AggregateKind> any_kind() { return rc::gen::elementOf(all_kinds); }
rc::Gen<std::vector<std::int64_t>> values() {
  return rc::gen::container<std::vector<std::int64_t>>(rc::gen::oneOf(
      rc::gen::arbitrary<std::int64_t>(), rc::gen::inRange<std::int64_t>(-200, 200)));
}

RC_GTEST_PROP(Aggregate, MergesInAnyGroupingAndOrderToTheSameBytes, ()) {
  const AggregateKind kind = *any_kind();
  const Aggregate a = of(kind, *values());
  const Aggregate b = of(kind, *values());
  const Aggregate c = of(kind, *values());
  RC_ASSERT(merged(merged(a, b), c).encode() == merged(a, merged(b, c)).encode());
  RC_ASSERT(merged(a, b).encode() == merged(b, a).encode());
  RC_ASSERT(merged(a, Aggregate(kind)).encode() == a.encode());
}

RC_GTEST_PROP(Aggregate, IsAFunctionOfTheValuesHoweverTheyAreCutAndOrdered, ()) {
  const AggregateKind kind = *any_kind();
  std::vector<std::int64_t> all = *values();
  const Aggregate whole = of(kind, all);
  const auto seed = *rc::gen::arbitrary<std::uint32_t>();
  std::shuffle(all.begin(), all.end(), std::mt19937(seed));
  const auto cut = static_cast<std::ptrdiff_t>(all.empty() ? 0 : seed % all.size());
  const Aggregate parts =
      merged(of(kind, {all.begin() + cut, all.end()}), of(kind, {all.begin(), all.begin() + cut}));
  RC_ASSERT(parts.encode() == whole.encode());
}

RC_GTEST_PROP(Aggregate, OfAGroupTakesBackWhatWasAdded, ()) {
  const auto kind =
      *rc::gen::suchThat(any_kind(), [](AggregateKind each) { return is_group(each); });
  const std::vector<std::int64_t> taken_back = *values();
  const Aggregate kept = of(kind, *values());
  Aggregate by_weight = merged(kept, of(kind, taken_back));
  Aggregate by_subtraction = by_weight;
  for (const std::int64_t value : taken_back) by_weight.add(value, -1, bounds);
  by_subtraction.subtract(of(kind, taken_back));
  RC_ASSERT(by_weight.encode() == kept.encode());
  RC_ASSERT(by_subtraction.encode() == kept.encode());
}

RC_GTEST_PROP(Aggregate, ReadsBackWhatItWrote, ()) {
  const Aggregate aggregate = of(*any_kind(), *values());
  const auto decoded = Aggregate::decode(aggregate.encode());
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(*decoded == aggregate);
}

RC_GTEST_PROP(Aggregate, RefusesDamagedBytesOrReadsExactlyWhatTheySay, ()) {
  std::string bytes = of(*any_kind(), *values()).encode();
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  if (*rc::gen::arbitrary<bool>()) {
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << *rc::gen::inRange(0, 8)));
  } else {
    bytes.resize(at);
  }
  const auto decoded = Aggregate::decode(bytes);
  if (decoded) {
    RC_ASSERT(decoded->encode() == bytes);
  } else {
    RC_ASSERT(decoded.error().code == ErrorCode::corrupt);
  }
}

RC_GTEST_PROP(Aggregate, NeverReadsBeyondArbitraryBytes, ()) {
  std::string bytes = "\x01";
  bytes.push_back(static_cast<char>(*any_kind()));
  for (const int byte : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 256))) {
    bytes.push_back(static_cast<char>(byte));
  }
  const auto decoded = Aggregate::decode(bytes);
  const bool exact = !decoded || decoded->encode() == bytes;
  RC_ASSERT(exact);
}

TEST(Aggregate, OfNothingIsTheIdentity) {
  for (const AggregateKind kind : all_kinds) {
    EXPECT_TRUE(Aggregate(kind).is_identity());
    EXPECT_EQ(Aggregate(kind).kind(), kind);
    EXPECT_FALSE(of(kind, {7}).is_identity());
    EXPECT_FALSE(Aggregate(kind).encode().empty());
  }
}

TEST(Aggregate, SumsBeyond64BitsAndComesBackExactly) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  Aggregate sum = of(AggregateKind::sum, {most, most, most});
  EXPECT_EQ(sum.integer(), std::nullopt) << "does not fit 64 bits";
  sum.add(most, -1);
  sum.add(most, -1);
  EXPECT_EQ(sum.integer(), most);
}

TEST(Aggregate, ASumOfZerosIsNotASumOfNothing) {
  EXPECT_FALSE(of(AggregateKind::sum, {0}).is_identity());
}

TEST(HyperLogLog, HasTheSameBytesWhetherItGrewDenseOrWasMergedSo) {
  HyperLogLog whole;
  HyperLogLog low;
  HyperLogLog high;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const std::uint64_t hash = hash64(std::to_string(i));
    whole.add(hash);
    (i < 900 ? low : high).add(hash);
  }
  low.merge(high);
  std::string one;
  std::string other;
  whole.encode(one);
  low.encode(other);
  EXPECT_EQ(one, other);
}

TEST(HyperLogLog, EstimatesWithinItsErrorAndExactlyForFew) {
  for (const int count : {0, 1, 2, 10, 100, 1000, 10'000, 100'000, 1'000'000}) {
    HyperLogLog distinct;
    for (int i = 0; i < count; ++i) distinct.add(hash64("visitor-" + std::to_string(i)));
    const double error = static_cast<double>(distinct.estimate() - count);
    EXPECT_LE(std::abs(error), std::max(count <= 10 ? 0.0 : 1.0, 3 * 0.01625 * count)) << count;
  }
}

TEST(HyperLogLog, EstimatesTheSameEverywhere) {
  HyperLogLog distinct;
  for (int i = 0; i < 50'000; ++i) distinct.add(hash64(std::to_string(i)));
  EXPECT_EQ(distinct.estimate(), 48'568);
}

TEST(QuantileSketch, IsWithinOnePercentForEveryMagnitude) {
  QuantileSketch sketch;
  std::vector<std::int64_t> all;
  std::mt19937_64 random(5);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = static_cast<std::int64_t>(random() >> (1 + random() % 63));
    all.push_back(i % 5 == 0 ? -value : value);
    sketch.add(all.back(), 1);
  }
  std::sort(all.begin(), all.end());
  for (std::int64_t millionths = 0; millionths <= 1'000'000; millionths += 12'500) {
    const auto exact =
        static_cast<double>(all[static_cast<std::size_t>(19'999 * millionths / 1'000'000)]);
    const auto found = static_cast<double>(sketch.quantile(millionths).value());
    EXPECT_LE(std::abs(found - exact), 0.01 * std::abs(exact) + 0.5) << "at " << millionths;
  }
}

TEST(QuantileSketch, HasNoQuantileOfNothing) {
  QuantileSketch sketch;
  EXPECT_EQ(sketch.quantile(500'000), std::nullopt);
  sketch.add(5, 1);
  EXPECT_EQ(sketch.quantile(500'000), 5);
  sketch.add(5, -1);
  EXPECT_EQ(sketch.quantile(500'000), std::nullopt);
}

TEST(DivideHalfEven, RoundsTiesToTheEvenNeighbour) {
  EXPECT_TRUE(divide_half_even(5, 2) == 2);
  EXPECT_TRUE(divide_half_even(7, 2) == 4);
  EXPECT_TRUE(divide_half_even(-5, 2) == -2);
  EXPECT_TRUE(divide_half_even(-7, 2) == -4);
  EXPECT_TRUE(divide_half_even(7, -2) == -4);
  EXPECT_TRUE(divide_half_even(8, 3) == 3);
  EXPECT_TRUE(divide_half_even(-1, 3) == 0);
}

}  // namespace
}  // namespace bytebasket::metrics
