#include "streams/embedded/embedded_log.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
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

  TemporaryFolder folder_ = testing::temporary_folder();
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

/// This very program, started anew to run one test in the part of the process that holds a folder
/// until it is let go. A mere fork would not do: the child of a process that has had threads may
/// wait for ever for a lock of the heap that one of them held.
class FolderHolder {
 public:
  static constexpr const char* folder_variable = "BYTEBASKET_TEST_HOLDS_FOLDER";

  FolderHolder(const std::string& test, const std::string& folder) {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    const std::string program = std::filesystem::read_symlink("/proc/self/exe");
    std::string filter = "--gtest_filter=" + test;
    std::string name = program;
    std::array<char*, 3> arguments = {name.data(), filter.data(), nullptr};
    ::setenv(folder_variable, folder.c_str(), 1);
    if (::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments.data(), environ) !=
        0)
      process_ = -1;
    ::unsetenv(folder_variable);
    posix_spawn_file_actions_destroy(&actions);
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    output_ = output[0];
  }
  FolderHolder(const FolderHolder&) = delete;
  FolderHolder& operator=(const FolderHolder&) = delete;
  ~FolderHolder() {
    ::close(input_);
    std::array<char, 4096> rest{};
    while (::read(output_, rest.data(), rest.size()) > 0) continue;
    ::close(output_);
    int status = 0;
    EXPECT_EQ(::waitpid(process_, &status, 0), process_);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }

  /// Waits until the process says whether it holds the folder.
  bool holds() const {
    std::string said;
    for (char byte = 0; ::read(output_, &byte, 1) == 1;) {
      said += byte;
      if (said.ends_with("holds it\n")) return true;
    }
    return false;
  }
  pid_t process() const { return process_; }

  /// The part of the process that holds.
  static void hold(EmbeddedLogOptions options) {
    options.folder = std::getenv(folder_variable);
    const auto log = EmbeddedLog::open(options);
    ASSERT_TRUE(log) << log.error().message;
    std::cout << "holds it" << std::endl;
    EXPECT_EQ(std::cin.get(), std::char_traits<char>::eof());
  }

 private:
  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
};

TEST_F(EmbeddedLogTest, TellsASecondProcessWhichOneHoldsTheFolder) {
  if (std::getenv(FolderHolder::folder_variable) != nullptr) return FolderHolder::hold(options_);
  {
    const FolderHolder holder("EmbeddedLogTest.TellsASecondProcessWhichOneHoldsTheFolder",
                              options_.folder);
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
