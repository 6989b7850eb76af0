#include "streams/embedded/embedded_log.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/settable_clock.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::streams {
namespace {

constexpr TopicPartition transactions{Stream::transactions, PartitionId(0)};

NewRecord transaction(std::string value) {
  return {Stream::transactions, "customer", std::move(value), {}, {}, RecordType::event, {}};
}

class EmbeddedLogTest : public ::testing::Test {
 protected:
  EmbeddedLogTest() {
    options_.folder = folder_ / "log";
    options_.clock = &clock_;
  }

  Result<std::unique_ptr<EmbeddedLog>> open() { return EmbeddedLog::open(options_); }

  testing::TemporaryFolder folder_;
  testing::SettableClock clock_;
  EmbeddedLogOptions options_;
};

TEST_F(EmbeddedLogTest, StampsRecordsWithItsClockButNeverGoesBack) {
  auto log = open();
  clock_.set(1000);
  ASSERT_TRUE(append_and_wait(**log, {transaction("a")}));
  clock_.set(400);
  ASSERT_TRUE(append_and_wait(**log, {transaction("b")}));
  log->reset();
  log = open();
  ASSERT_TRUE(append_and_wait(**log, {transaction("c")}));
  clock_.set(2000);
  ASSERT_TRUE(append_and_wait(**log, {transaction("d")}));

  const auto batch = (*log)->read(transactions, Offset(0), {});
  ASSERT_EQ(batch->size(), 4U);
  const std::vector<std::int64_t> expected = {1000, 1000, 1000, 2000};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(to_ms(batch->records()[i].append_time), expected[i]);
}

TEST_F(EmbeddedLogTest, RemovesByTheAgeOfItsOwnClock) {
  const auto log = open();
  for (const std::int64_t ms : {1000, 2000, 3000}) {
    clock_.set(ms);
    ASSERT_TRUE(append_and_wait(**log, {transaction("x"), transaction("y")}));
  }
  const LogRetention two_seconds{.max_age = std::chrono::seconds(2)};
  EXPECT_EQ(*(*log)->apply_retention(transactions, two_seconds, Offset(6), timestamp_from_ms(3999)),
            2U);
  EXPECT_EQ((*log)->range(transactions)->first, Offset(2));
  EXPECT_EQ(*(*log)->apply_retention(transactions, two_seconds, Offset(3), timestamp_from_ms(9999)),
            0U)
      << "a batch that keep_from stands in is kept whole";
}

TEST_F(EmbeddedLogTest, RefusesAnotherNumberOfPartitions) {
  ASSERT_TRUE(open());
  options_.user_activity_partitions = 8;
  const auto other = open();
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(other.error().message.find("partitions are fixed"), std::string::npos)
      << other.error().message;
}

TEST_F(EmbeddedLogTest, RefusesAFolderOfANewerVersionAndOneOfAnotherKind) {
  ASSERT_TRUE(open());
  const std::string file = options_.folder + "/bytebasket.format";
  std::ofstream(file) << "kind: event-log\nversion: 2\nepoch: 1\nuser-activity partitions: 4\n";
  const auto newer = open();
  ASSERT_FALSE(newer);
  EXPECT_NE(newer.error().message.find("newer ByteBasket"), std::string::npos)
      << newer.error().message;
  std::ofstream(file) << "kind: tables\nversion: 1\n";
  const auto tables = open();
  ASSERT_FALSE(tables);
  EXPECT_NE(tables.error().message.find("holds 'tables'"), std::string::npos)
      << tables.error().message;
}

TEST_F(EmbeddedLogTest, SaysThatItsOwnProcessHoldsTheFolder) {
  const auto log = open();
  ASSERT_TRUE(log);
  const auto same = open();
  ASSERT_FALSE(same);
  EXPECT_EQ(same.error().code, ErrorCode::conflict);
  EXPECT_NE(same.error().message.find("held by this process"), std::string::npos)
      << same.error().message;
}

/// A child that holds the log's folder until it is let go. It is forked while this process has no
/// log open and so no threads: a child of a threaded process may wait for ever for a lock of the
/// heap that a thread held which it does not have.
class FolderHolder {
 public:
  explicit FolderHolder(const EmbeddedLogOptions& options) {
    std::array<int, 2> opened{};
    std::array<int, 2> let_go{};
    if (::pipe(opened.data()) != 0 || ::pipe(let_go.data()) != 0) return;
    child_ = ::fork();
    if (child_ == 0) {
      ::close(let_go[1]);
      const auto log = EmbeddedLog::open(options);
      char byte = log ? 'y' : 'n';
      const bool said = ::write(opened[1], &byte, 1) == 1;
      ::_exit(said && ::read(let_go[0], &byte, 1) == 0 ? 0 : 1);
    }
    ::close(opened[1]);
    ::close(let_go[0]);
    let_go_ = let_go[1];
    char byte = 'n';
    holds_ = ::read(opened[0], &byte, 1) == 1 && byte == 'y';
    ::close(opened[0]);
  }
  FolderHolder(const FolderHolder&) = delete;
  FolderHolder& operator=(const FolderHolder&) = delete;
  ~FolderHolder() {
    ::close(let_go_);
    int status = 0;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }

  bool holds() const { return holds_; }
  pid_t process() const { return child_; }

 private:
  pid_t child_ = -1;
  int let_go_ = -1;
  bool holds_ = false;
};

TEST_F(EmbeddedLogTest, TellsASecondProcessWhichOneHoldsTheFolder) {
  {
    const FolderHolder holder(options_);
    ASSERT_TRUE(holder.holds());
    const auto second = open();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    EXPECT_NE(second.error().message.find("process " + std::to_string(holder.process())),
              std::string::npos)
        << second.error().message;
  }
  EXPECT_TRUE(open()) << "a folder whose holder is gone is free";
}

TEST_F(EmbeddedLogTest, RefusesARecordBeyondItsLimit) {
  options_.max_record_bytes = 100;
  const auto log = open();
  const auto refused = append_and_wait(**log, {transaction(std::string(101, 'x'))});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
}

TEST_F(EmbeddedLogTest, TakesAnAppendLargerThanItsQueueAndItsBatches) {
  options_.max_queued_bytes = 1000;
  options_.max_commit_bytes = 1000;
  const auto log = open();
  const std::vector<NewRecord> records(3000, transaction(std::string(1000, 'x')));
  const auto places = append_and_wait(**log, records);
  ASSERT_TRUE(places);
  EXPECT_EQ(places->back().offset, Offset(2999));
  const auto last = (*log)->read(transactions, Offset(2999), {});
  EXPECT_EQ(last->size(), 1U);
}

}  // namespace
}  // namespace bytebasket::streams
