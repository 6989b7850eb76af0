#include "lake/archiver.hpp"

#include <condition_variable>
#include <deque>

#include <gtest/gtest.h>

#include "lake/lake_log.hpp"
#include "support/in_memory_engines.hpp"
#include "support/in_memory_files.hpp"

namespace bytebasket::lake {
namespace {

using Kind = streams::AssignmentChange::Kind;

constexpr streams::TopicPartition where{streams::Stream::transactions, PartitionId(0)};

/// A group whose coordinator is the test.
class ScriptedAssignment final : public streams::Assignment {
 public:
  struct Script {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<streams::AssignmentChange> changes;
    int released = 0;

    void push(Kind kind) {
      const std::lock_guard lock(mutex);
      changes.push_back({kind, {where}});
    }
    void wait_for_release() {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return released > 0; });
    }
  };

  explicit ScriptedAssignment(Script& script) : script_(script) {}
  [[nodiscard]] bool shared() const override { return true; }
  Result<std::optional<streams::AssignmentChange>> poll(Milliseconds /*wait*/) override {
    const std::lock_guard lock(script_.mutex);
    if (script_.changes.empty()) return std::optional<streams::AssignmentChange>();
    auto change = std::move(script_.changes.front());
    script_.changes.pop_front();
    return std::optional(std::move(change));
  }
  Status released(const std::vector<streams::TopicPartition>& /*partitions*/) override {
    const std::lock_guard lock(script_.mutex);
    ++script_.released;
    script_.changed.notify_all();
    return ok();
  }
  Status commit(streams::TopicPartition /*where*/, Offset /*next*/) override { return ok(); }
  void leave() override {}

 private:
  Script& script_;
};

class ArchiverTest : public ::testing::Test {
 protected:
  ArchiverTest() {
    for (int i = 0; i < records; ++i) {
      log_.append(
          {{.stream = where.stream, .key = "k", .value = "{}", .partition = where.partition}},
          [](const auto&) {});
    }
    archiver_ =
        std::make_unique<Archiver>(log_, files_, std::make_unique<ScriptedAssignment>(script_),
                                   ArchiverSettings{.files = {.file_age = std::chrono::hours(1)},
                                                    .idle_wait = Milliseconds(1)},
                                   clock_, counters_);
  }
  void wait_until_read() const {
    while (counters_.read.value() < records) std::this_thread::yield();
  }
  std::int64_t archived() {
    const auto lake = LakeLog::open(files_, {});
    return lake ? (*lake)->range(where)->end.value() : -1;
  }

  static constexpr int records = 20;
  testing::InMemoryLog log_{1};
  testing::InMemoryFiles files_;
  const ManualClock clock_{timestamp_from_ms(1'795'341'600'000)};
  ArchiveCounters counters_;
  ScriptedAssignment::Script script_;
  std::unique_ptr<Archiver> archiver_;
};

TEST_F(ArchiverTest, PublishesAPartitionThatIsRevoked) {
  script_.push(Kind::assigned);
  wait_until_read();
  script_.push(Kind::revoked);
  script_.wait_for_release();
  ASSERT_TRUE(archiver_->stop());
  EXPECT_EQ(archived(), records);
}

TEST_F(ArchiverTest, LeavesALostPartitionToItsNextOwner) {
  script_.push(Kind::assigned);
  wait_until_read();
  script_.push(Kind::lost);
  script_.wait_for_release();
  ASSERT_TRUE(archiver_->stop());
  EXPECT_TRUE(files_.files().empty());
}

TEST_F(ArchiverTest, PublishesWhatItReadWhenItStops) {
  script_.push(Kind::assigned);
  wait_until_read();
  ASSERT_TRUE(archiver_->stop());
  EXPECT_EQ(archived(), records);
  EXPECT_EQ(counters_.files.value(), 1U);
  EXPECT_EQ(counters_.partitions.of("transactions/0").processed.value(),
            static_cast<unsigned>(records));
}

}  // namespace
}  // namespace bytebasket::lake
