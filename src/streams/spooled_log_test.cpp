#include "streams/spooled_log.hpp"

#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/in_memory_engines.hpp"

namespace bytebasket::streams {
namespace {

using ::testing::ElementsAre;

constexpr TopicPartition transactions{Stream::transactions, PartitionId(0)};

/// A log in memory that can be away: appends fail then, with what was asked for.
class AwayLog final : public testing::InMemoryLog {
 public:
  AwayLog() : InMemoryLog(4) {}

  void append(std::vector<NewRecord> records, AppendCallback done) override {
    if (const auto code = away()) return done(fail(*code, "away"));
    InMemoryLog::append(std::move(records), std::move(done));
    const std::lock_guard lock(mutex_);
    appended_.notify_all();
  }
  Status commit(std::string_view, TopicPartition where, Offset next) override {
    const std::lock_guard lock(mutex_);
    committed_[where] = next;
    return ok();
  }
  Result<std::optional<Offset>> committed(std::string_view, TopicPartition where) override {
    const std::lock_guard lock(mutex_);
    const auto found = committed_.find(where);
    return found == committed_.end() ? std::nullopt : std::optional(found->second);
  }
  void go_away(ErrorCode code) {
    const std::lock_guard lock(mutex_);
    away_ = code;
  }
  void come_back() {
    const std::lock_guard lock(mutex_);
    away_.reset();
  }
  /// Waits until `count` records stand in the transactions; gives their values.
  std::vector<std::string> values(std::int64_t count) {
    std::unique_lock lock(mutex_);
    appended_.wait(lock, [&] { return range(transactions)->end >= Offset(count); });
    std::vector<std::string> found;
    const auto batch = read(transactions, Offset(0), {});
    for (const Record& record : batch->records()) found.emplace_back(record.value);
    return found;
  }

 private:
  std::optional<ErrorCode> away() {
    const std::lock_guard lock(mutex_);
    return away_;
  }

  std::mutex mutex_;
  std::condition_variable appended_;
  std::optional<ErrorCode> away_;
  std::map<TopicPartition, Offset> committed_;
};

class Spooled : public ::testing::Test {
 protected:
  void open(SpoolOptions options = {},
            std::unique_ptr<AwayLog> spool = std::make_unique<AwayLog>()) {
    options.retry = Milliseconds(1);
    auto log = std::make_unique<AwayLog>();
    log_ = log.get();
    spool_ = spool.get();
    auto opened = SpooledLog::open(std::move(log), std::move(spool), options, counters_);
    ASSERT_TRUE(opened);
    spooled_ = std::move(*opened);
  }

  Result<std::vector<AppendedAt>> append(const std::string& value) {
    return append_and_wait(*spooled_, {{.stream = Stream::transactions, .value = value}});
  }

  LogCounters counters_;
  std::unique_ptr<SpooledLog> spooled_;
  AwayLog* log_ = nullptr;
  AwayLog* spool_ = nullptr;
};

TEST_F(Spooled, LeavesTheSpoolAloneWhileTheLogIsThere) {
  open();
  EXPECT_EQ(append("a")->at(0).offset, Offset(0));
  EXPECT_EQ(spool_->range(transactions)->end, Offset(0));
}

TEST_F(Spooled, AcceptsWhileTheLogIsAwayAndMovesAllInOrderWhenItIsBack) {
  open();
  ASSERT_TRUE(append("a"));
  for (const ErrorCode code : {ErrorCode::unavailable, ErrorCode::timed_out}) {
    log_->go_away(code);
    const auto spooled = append(std::string(to_string(code)) + " 1");
    ASSERT_TRUE(spooled) << spooled.error().message;
    EXPECT_EQ(spooled->at(0).where, transactions);
    EXPECT_EQ(spooled->at(0).offset, Offset(-1)) << "its place in the log is not known yet";
    ASSERT_TRUE(append(std::string(to_string(code)) + " 2"));
    log_->come_back();
    ASSERT_TRUE(append(std::string(to_string(code)) + " 3"));
  }
  EXPECT_THAT(log_->values(7), ElementsAre("a", "unavailable 1", "unavailable 2", "unavailable 3",
                                           "timed out 1", "timed out 2", "timed out 3"));
}

TEST_F(Spooled, KeepsWhatIsNotMovedYetWhenItCloses) {
  open();
  log_->go_away(ErrorCode::unavailable);
  ASSERT_TRUE(append("left"));
  EXPECT_EQ(counters_.spooled.value(), 1);
  spooled_->close();
  EXPECT_EQ(spool_->range(transactions)->end, Offset(1));
}

TEST_F(Spooled, MovesWhatTheRunBeforeLeft) {
  auto spool = std::make_unique<AwayLog>();
  ASSERT_TRUE(append_and_wait(*spool, {{.stream = Stream::transactions, .value = "left"}}));
  open({}, std::move(spool));
  ASSERT_TRUE(append("new"));
  EXPECT_THAT(log_->values(2), ElementsAre("left", "new"));
}

TEST_F(Spooled, RefusesWhatItsDiskSpaceDoesNotTake) {
  open({.max_bytes = 10});
  log_->go_away(ErrorCode::unavailable);
  ASSERT_TRUE(append("123456"));
  const auto refused = append("123456");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::resource_exhausted);
}

TEST_F(Spooled, HandsOnWhatIsNoneOfItsBusiness) {
  open();
  log_->go_away(ErrorCode::invalid_argument);
  const auto refused = append("too large");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(spool_->range(transactions)->end, Offset(0));
}

}  // namespace
}  // namespace bytebasket::streams
