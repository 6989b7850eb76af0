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
  EXPECT_EQ(batch.next(), Offset(1'000));
  const RecordBatch taken = std::move(batch).take();
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

}  // namespace
}  // namespace bytebasket::streams::kafka
