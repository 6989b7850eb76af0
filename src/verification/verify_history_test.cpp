// What verify makes of a history that is in two places, or not whole.
#include <map>

#include <gtest/gtest.h>

#include "support/verified_shop.hpp"
#include "verification/verify.hpp"

namespace bytebasket::verification {
namespace {

using schema::TableId;

/// The records of a log before an offset: a lake that is behind.
class Archive final : public History {
 public:
  Archive(streams::EventLog& log, std::int64_t share) : log_(log), share_(share) {}

  Result<streams::LogRange> range(streams::TopicPartition where) override {
    BB_ASSIGN_OR_RETURN(auto range, log_.range(where));
    const auto place = ends_.try_emplace(where, Offset(range.end.value() * share_ / 100)).first;
    return streams::LogRange{range.epoch, Offset(0), place->second};
  }
  Result<streams::RecordBatch> read(streams::TopicPartition where, Offset from,
                                    const streams::ReadLimits& limits) override {
    BB_ASSIGN_OR_RETURN(auto batch, log_.read(where, from, limits));
    std::erase_if(batch.records(),
                  [&](const auto& record) { return record.offset >= ends_.at(where); });
    return batch;
  }

 private:
  streams::EventLog& log_;
  const std::int64_t share_;
  std::map<streams::TopicPartition, Offset> ends_;
};

/// What is left of a log: records from an offset on.
class Tail final : public History {
 public:
  Tail(streams::EventLog& log, std::int64_t share) : log_(log), share_(share) {}

  Result<streams::LogRange> range(streams::TopicPartition where) override {
    BB_ASSIGN_OR_RETURN(auto range, log_.range(where));
    range.first = Offset(range.end.value() * share_ / 100);
    return range;
  }
  Result<streams::RecordBatch> read(streams::TopicPartition where, Offset from,
                                    const streams::ReadLimits& limits) override {
    BB_ASSIGN_OR_RETURN(const auto left, range(where));
    if (from < left.first) return fail(ErrorCode::not_found, "removed");
    return log_.read(where, from, limits);
  }

 private:
  streams::EventLog& log_;
  const std::int64_t share_;
};

class VerifyHistoryTest : public testing::VerifiedShop {};

TEST_F(VerifyHistoryTest, ReadsTheLakeAndThenTheLogsTail) {
  append(800);
  process();
  Archive lake(*log_, 60);
  Tail tail(*log_, 40);
  JoinedHistory joined(lake, tail);
  const auto report = try_verify(*tables_, joined);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->passed()) << to_text(*report);
  EXPECT_EQ(report->tables.at(TableId::visitors).not_comparable, 0U);
}

TEST_F(VerifyHistoryTest, CountsOnTheLogAloneWhereTheLakeDoesNotReachIt) {
  append(800);
  process();
  Archive lake(*log_, 30);
  Tail tail(*log_, 40);
  JoinedHistory joined(lake, tail);
  const auto report = try_verify(*tables_, joined);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->passed()) << to_text(*report);
  EXPECT_GT(report->tables.at(TableId::visitors).not_comparable, 0U);
}

TEST_F(VerifyHistoryTest, SaysWhatItCannotCompareWhereTheOldestRecordsAreGone) {
  append(3000);
  process();
  const auto now = log_clock_.now();
  std::uint64_t removed = 0;
  for (const auto where : testing::all_partitions(*log_)) {
    const auto range = log_->range(where);
    const auto gone =
        log_->apply_retention(where, {.max_bytes = 1}, Offset(range->end.value() / 3), now);
    ASSERT_TRUE(gone);
    removed += *gone;
  }
  ASSERT_GT(removed, 0U);
  const Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
  EXPECT_GT(report.tables.at(TableId::visitors).not_comparable, 0U);
  EXPECT_EQ(report.tables.at(TableId::visitors).compared, 0U);
  EXPECT_NE(to_text(report).find("are gone"), std::string::npos);
}

TEST_F(VerifyHistoryTest, RefusesALogThatEndsBeforeTheTables) {
  append(300);
  process();
  remove_log();
  const auto report = try_verify();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace bytebasket::verification
