#include "verification/row_content.hpp"

#include <gtest/gtest.h>

#include "metrics/aggregate.hpp"

namespace bytebasket::verification {
namespace {

storage::RowKey metric_row(std::string_view metric) {
  schema::MetricsKey key;
  key.metric = metric;
  key.source = 1 << 16;
  return storage::RowKey::of(key);
}

std::string count_of(std::int64_t number) {
  metrics::Aggregate count(metrics::AggregateKind::count);
  count.add(0, number, {});
  return count.encode();
}

TEST(RowContent, AMetricRowThatAddsUpToNothingIsAsGoodAsNone) {
  EXPECT_TRUE(same_content(metric_row("events"), count_of(0), ""));
  EXPECT_TRUE(same_content(metric_row("events"), "", count_of(0)));
  EXPECT_FALSE(same_content(metric_row("events"), count_of(1), ""));
  EXPECT_FALSE(same_content(metric_row("events"), count_of(1), count_of(2)));
  EXPECT_FALSE(same_content(metric_row("events"), "broken", ""));
}

TEST(RowContent, OtherRowsAreTheirBytes) {
  const schema::OrdersKey order{"o", "state"};
  EXPECT_TRUE(same_content(storage::RowKey::of(order), "{}", "{}"));
  EXPECT_FALSE(same_content(storage::RowKey::of(order), "{}", ""));
}

TEST(RowContent, MarksAndIntentsAreBookkeeping) {
  EXPECT_TRUE(is_bookkeeping(metric_row("")));
  EXPECT_FALSE(is_bookkeeping(metric_row("events")));
  schema::JobStateKey job;
  job.job = "process";
  EXPECT_FALSE(is_bookkeeping(storage::RowKey::of(job)));
  job.job = "rebuild";
  EXPECT_TRUE(is_bookkeeping(storage::RowKey::of(job)));
  EXPECT_TRUE(is_bookkeeping(storage::RowKey::of(schema::FlushIntentsKey())));
}

TEST(RowContent, KeysNameTheirPartitionWhereTheyCan) {
  EXPECT_EQ(owner_of(metric_row("events")),
            (streams::TopicPartition{streams::Stream::transactions, PartitionId(0)}));
  EXPECT_FALSE(owner_of(storage::RowKey::of(schema::VisitorsKey{"v", "day", 1, ""})));
}

TEST(RowContent, ValuesAreShownWhereTheyBeginToDiffer) {
  const storage::RowKey order = storage::RowKey::of(schema::OrdersKey{"o", "state"});
  const std::string common(500, 'a');
  const auto shown = describe_difference(order, "{" + common + "ü1" + common, "{" + common + "ü2");
  EXPECT_NE(shown.stored.find("ü1a"), std::string::npos) << shown.stored;
  EXPECT_TRUE(shown.recomputed.ends_with("ü2")) << shown.recomputed;
  EXPECT_TRUE(shown.stored.starts_with("…a")) << shown.stored;
  EXPECT_LT(shown.stored.size(), 300U);
  EXPECT_EQ(describe_difference(metric_row("events"), count_of(3), "").stored, "count 3");
  EXPECT_EQ(describe_difference(metric_row("events"), count_of(3), "").recomputed, "none");
  EXPECT_EQ(describe_value(storage::RowKey::of(schema::VisitorsKey{"v", "day", 1, ""}), "\x01\xFF"),
            "0x01ff");
}

}  // namespace
}  // namespace bytebasket::verification
