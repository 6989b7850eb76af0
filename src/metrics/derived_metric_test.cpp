#include "metrics/derived_metric.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/derivation.hpp"

namespace bytebasket::metrics {
namespace {

using ::testing::HasSubstr;

MetricDefinition stored(std::string name, Unit unit = Unit::count) {
  MetricDefinition definition;
  definition.hash = "hash-of-" + name;
  definition.name = std::move(name);
  definition.unit = unit;
  definition.aggregate = unit == Unit::count ? AggregateKind::count : AggregateKind::sum;
  return definition;
}

DerivedMetric derived(std::string name, std::string_view text) {
  MetricDefinition definition;
  definition.name = std::move(name);
  return {std::move(definition), *parse_derivation(text)};
}

const std::vector<MetricDefinition> all_stored = {stored("a"), stored("b"),
                                                  stored("money", Unit::money)};

std::string refusal(const std::vector<DerivedMetric>& metrics) {
  const auto resolved = resolve(metrics.front(), all_stored, metrics);
  return resolved ? "resolved" : resolved.error().message;
}

TEST(DerivedMetric, IsPutInTermsOfWhatIsStored) {
  const std::vector<DerivedMetric> metrics = {derived("share", "money / rest"),
                                              derived("rest", "a - more"), derived("more", "b")};
  const auto share = resolve(metrics[0], all_stored, metrics);
  ASSERT_TRUE(share) << share.error().message;
  EXPECT_EQ(to_string(*share->derivation), "money / (a - b)");
  EXPECT_EQ(share->unit, Unit::money);
  EXPECT_TRUE(share->millionths);
  const auto rest = resolve(metrics[1], all_stored, metrics);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->unit, Unit::count);
  EXPECT_FALSE(rest->millionths);
}

TEST(DerivedMetric, HasAnotherIdentityWhereAnOperandHas) {
  const std::vector<DerivedMetric> metrics = {derived("sum", "a + b")};
  auto changed = all_stored;
  const auto before = resolve(metrics[0], changed, metrics);
  changed[1].hash = "another";
  const auto after = resolve(metrics[0], changed, metrics);
  ASSERT_TRUE(before && after);
  EXPECT_NE(before->hash, after->hash);
}

TEST(DerivedMetric, RefusesOperandsThatItCannotBeComputedFrom) {
  EXPECT_THAT(refusal({derived("x", "a + nothing")}), HasSubstr("'nothing' is no metric"));
  EXPECT_THAT(refusal({derived("x", "x + a")}), HasSubstr("leads back to itself"));
  EXPECT_THAT(refusal({derived("x", "y"), derived("y", "z"), derived("z", "y")}),
              HasSubstr("leads back to itself"));
  EXPECT_THAT(refusal({derived("x", "y + a"), derived("y", "a / b")}), HasSubstr("'y' cannot be"));
  EXPECT_THAT(refusal({derived("x", "y + a"), {stored("y"), std::nullopt}}),
              HasSubstr("'y' cannot be"));
  EXPECT_THAT(refusal({derived("x", "a + money")}), HasSubstr("another unit"));
}

}  // namespace
}  // namespace bytebasket::metrics
