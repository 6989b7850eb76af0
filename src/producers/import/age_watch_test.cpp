#include "producers/import/age_watch.hpp"

#include <gtest/gtest.h>

#include "producers/import/recording_sink.hpp"

namespace bytebasket::producers::import_ {
namespace {

using std::chrono::days;

const Timestamp now = *parse_timestamp("2028-06-01T00:00:00Z");

AcceptedItem event(Timestamp time, bool transaction = false) {
  AcceptedItem item;
  item.events.push_back({.transaction = transaction, .time = time, .received_at = time});
  return item;
}

ImportBatch batch_of(std::vector<AcceptedItem> items) {
  return {.file = "f", .items = std::move(items), .refused = {}};
}

TEST(AgeWatch, CountsWhatIsOlderThanEachThingIsKept) {
  RecordingSink sink;
  AgeWatch watch(sink, {{"short", days(14)}, {"long", days(400)}, {"forever", Milliseconds::max()}},
                 now);
  auto batch = batch_of({event(now - days(13)), event(now - days(14)),
                         event(now - days(14) - Milliseconds(1)), event(now - days(401))});
  ASSERT_TRUE(watch.send(batch));
  EXPECT_EQ(watch.counts()[0].older, 2U) << "an event of just that age still counts";
  EXPECT_EQ(watch.counts()[1].older, 1U);
  EXPECT_EQ(watch.counts()[2].older, 0U);
  for (const auto& count : watch.counts()) EXPECT_EQ(count.events, 4U) << count.kept.setting;
  EXPECT_EQ(watch.oldest(), now - days(401));
}

TEST(AgeWatch, LooksOnlyAtTheEventsThatAThingIsMadeOf) {
  RecordingSink sink;
  AgeWatch watch(sink,
                 {{"orders", days(1), KeptFor::From::transactions},
                  {"carts", days(1), KeptFor::From::user_activity}},
                 now);
  auto batch = batch_of({event(now - days(2), true), event(now - days(2)), event(now)});
  ASSERT_TRUE(watch.send(batch));
  EXPECT_EQ(watch.counts()[0].older, 1U);
  EXPECT_EQ(watch.counts()[0].events, 1U);
  EXPECT_EQ(watch.counts()[1].older, 1U);
  EXPECT_EQ(watch.counts()[1].events, 2U);
}

/// Takes the first item of a batch alone, or nothing.
class ChoosySink final : public ImportSink {
 public:
  Status send(ImportBatch& batch) override {
    if (fails) return fail(ErrorCode::unavailable, "away");
    batch.items.resize(1);
    return ok();
  }
  bool fails = false;
};

TEST(AgeWatch, CountsNothingThatTheSinkDidNotTake) {
  ChoosySink sink;
  AgeWatch watch(sink, {{"short", days(1)}}, now);
  auto batch = batch_of({event(now - days(2)), event(now - days(3))});
  ASSERT_TRUE(watch.send(batch));
  sink.fails = true;
  batch = batch_of({event(now - days(4))});
  EXPECT_FALSE(watch.send(batch));
  EXPECT_EQ(watch.counts()[0].events, 1U);
  EXPECT_EQ(watch.oldest(), now - days(2));
}

}  // namespace
}  // namespace bytebasket::producers::import_
