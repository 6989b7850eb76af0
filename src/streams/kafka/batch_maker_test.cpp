#include "streams/kafka/batch_maker.hpp"

#include <string>

#include <gtest/gtest.h>

namespace bytebasket::streams::kafka {
namespace {

Record record(std::int64_t offset, std::string_view value) {
  return {.offset = Offset(offset), .key = "k", .value = value, .detail = "d"};
}

TEST(BatchMaker, KeepsRecordsWhenWhatTheyWereCopiedFromIsGone) {
  BatchMaker batch({}, 10);
  for (int i = 0; i < 1'000; ++i) {
    const std::string value(static_cast<std::size_t>(i), 'v');
    ASSERT_TRUE(batch.add(record(i, value)));
  }
  const RecordBatch taken = std::move(batch).take();
  EXPECT_EQ(taken.last(), Offset(999));
  ASSERT_EQ(taken.size(), 1'000U);
  for (std::size_t i = 0; i < taken.size(); ++i) {
    EXPECT_EQ(taken.records()[i].key, "k");
    EXPECT_EQ(taken.records()[i].value, std::string(i, 'v'));
    EXPECT_EQ(taken.records()[i].detail, "d");
  }
}

TEST(BatchMaker, TakesAsManyRecordsAsAreWanted) {
  BatchMaker batch({.max_records = 2}, 0);
  EXPECT_TRUE(batch.add(record(0, "a")));
  EXPECT_FALSE(batch.full());
  EXPECT_TRUE(batch.add(record(1, "b")));
  EXPECT_TRUE(batch.full());
  EXPECT_FALSE(batch.add(record(2, "c")));
}

TEST(BatchMaker, TakesOneRecordHoweverLargeAndNoOtherThatDoesNotFit) {
  BatchMaker batch({.max_bytes = 10}, 0);
  EXPECT_TRUE(batch.add(record(0, std::string(100, 'a'))));
  EXPECT_FALSE(batch.add(record(1, "")));
  BatchMaker small({.max_bytes = 10}, 0);
  EXPECT_TRUE(small.add(record(0, "abc")));
  EXPECT_FALSE(small.full());
  EXPECT_FALSE(small.add(record(1, "abcdef")));
  EXPECT_TRUE(small.add(record(1, "abc")));
}

TEST(BatchMaker, CountsWhatIsPassedOverAmongTheRecords) {
  const auto all = [](std::string_view) { return true; };
  BatchMaker batch({.max_records = 3, .passes_over = all}, 0);
  EXPECT_TRUE(batch.add(record(0, "abc")));
  EXPECT_TRUE(batch.pass_over(Offset(1), "k", std::string(94, 'v')));
  EXPECT_FALSE(batch.full());
  EXPECT_TRUE(batch.pass_over(Offset(2), "k", std::string(99, 'v')));
  EXPECT_TRUE(batch.full());
  EXPECT_EQ(batch.mean_size(), 200U / 3);
  const RecordBatch taken = std::move(batch).take();
  EXPECT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken.passed_over(), 2U);
  EXPECT_EQ(taken.records().size(), 1U);
  EXPECT_EQ(taken.last(), Offset(2));
}

TEST(BatchMaker, IsNotEmptyWhereAllWasPassedOver) {
  BatchMaker batch({.passes_over = [](std::string_view) { return true; }}, 0);
  EXPECT_TRUE(batch.empty());
  EXPECT_TRUE(batch.pass_over(Offset(7), "k", std::string(100, 'v')));
  EXPECT_FALSE(batch.empty());
  const RecordBatch taken = std::move(batch).take();
  EXPECT_FALSE(taken.empty());
  EXPECT_EQ(taken.last(), Offset(7));
}

TEST(BatchMaker, ShowsAnEventAsFarAsItCanBeReadWithAndNoneBehindAControlRecord) {
  std::string shown;
  const auto none = [&shown](std::string_view beginning) {
    shown = beginning;
    return false;
  };
  BatchMaker batch({.passes_over = none}, 0);
  EXPECT_FALSE(batch.pass_over(Offset(0), "k", "yes" + std::string(value_padding, 'v')));
  EXPECT_EQ(shown, "yes");
  EXPECT_FALSE(batch.pass_over(Offset(1), "k", std::string(value_padding, 'v')));
  EXPECT_EQ(shown, "yes");
  Record control = record(2, "control");
  control.type = RecordType::control;
  EXPECT_TRUE(batch.add(control));
  EXPECT_FALSE(batch.pass_over(Offset(3), "k", "no" + std::string(value_padding, 'v')));
  EXPECT_EQ(shown, "yes");
}

}  // namespace
}  // namespace bytebasket::streams::kafka
