// Rows that stand beyond what their partition is said to be processed up to: an interrupted flush
// left them, or processing goes on while they are compared.
#include <optional>

#include <gtest/gtest.h>

#include "support/verified_shop.hpp"
#include "verification/verify.hpp"

namespace bytebasket::verification {
namespace {

using schema::TableId;

class VerifyLiveTest : public testing::VerifiedShop {};

TEST_F(VerifyLiveTest, ComparesWhatAnInterruptedFlushLeft) {
  open_tables(/*atomic=*/false);
  append(900);
  // The runner of a partition is thrown away in the middle of a flush: rows stand at its intent,
  // the offset does not.
  process({.records_a_flush = 60});
  append(200);
  const streams::TopicPartition where{streams::Stream::transactions, PartitionId(0)};
  testing::DisturbedTables failing(*tables_);
  const auto runner = testing::make_runner(*log_, failing, where, {.records_a_flush = 1'000});
  ASSERT_TRUE(runner->start());
  failing.fail_after_levels(3);
  EXPECT_FALSE(runner->step(Milliseconds(0)));
  const Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
  EXPECT_GT(report.moved, 0U);
  process();
  EXPECT_TRUE(verify().passed());
}

// What a system that works looks like to whoever walks its tables: events come and are flushed all
// the while.
TEST_F(VerifyLiveTest, ComparesRowsThatMoveOnMeanwhileWhereTheyHaveMovedTo) {
  append(600);
  process();
  testing::DisturbedTables working(*tables_);
  int pages = 0;
  working.before_each_page([&] {
    ++pages;
    append(40);
    process({.records_a_flush = 9});
  });
  LogHistory history(*log_);
  const auto report = try_verify(working, history);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->passed()) << to_text(*report);
  EXPECT_GT(report->moved, 50U);
  EXPECT_GT(pages, 10);
}

TEST_F(VerifyLiveTest, FindsASpoiltRowAlsoAmongThoseThatMoveOn) {
  append(600);
  process();
  testing::DisturbedTables working(*tables_);
  std::optional<storage::TableRow> spoilt;
  working.before_each_page([&] {
    if (spoilt) return;
    append(200);
    process({.records_a_flush = 20});
    // A row that was just written, at the position that it was written at.
    for (std::size_t skip = 0; !spoilt; ++skip) {
      const auto row = some_row(TableId::orders, skip);
      if (row.position.offset.next() ==
          log_->range({streams::Stream::transactions, PartitionId(0)})->end)
        spoilt = row;
    }
    spoil(*spoilt, "{}");
  });
  LogHistory history(*log_);
  const auto report = try_verify(working, history);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->difference_count, 1U) << to_text(*report);
  EXPECT_EQ(report->differences[0].key, spoilt->key);
  EXPECT_EQ(report->differences[0].recomputed, spoilt->value);
}

TEST_F(VerifyLiveTest, CountsRowsThatMovedOnAndAreTooManyToKeep) {
  append(300);
  process();
  testing::DisturbedTables working(*tables_);
  working.before_each_page([&] {
    append(40);
    process();
  });
  LogHistory history(*log_);
  const auto report = try_verify(working, history, {.moved_bytes = 2'000});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->passed()) << to_text(*report);
  EXPECT_GT(report->moved_out_of_reach, 0U);
}

}  // namespace
}  // namespace bytebasket::verification
