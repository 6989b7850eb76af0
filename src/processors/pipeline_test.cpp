#include "processors/pipeline.hpp"

#include <deque>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/normalize.hpp"
#include "processors/job_state.hpp"
#include "processors/user_activity_processor.hpp"
#include "storage/embedded/embedded_tables.hpp"
#include "storage/switched_tables.hpp"
#include "streams/embedded/embedded_log.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::processors {
namespace {

using streams::AssignmentChange;
using streams::TopicPartition;
using Kind = AssignmentChange::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TopicPartition first{streams::Stream::user_activity, PartitionId(0)};
constexpr TopicPartition second{streams::Stream::user_activity, PartitionId(1)};
constexpr Milliseconds patience = std::chrono::minutes(5);

/// What a test tells the assignment to say, and what the pipeline answered.
struct Script {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<AssignmentChange> changes;
  std::vector<TopicPartition> released;
  std::map<TopicPartition, Offset> commits;
  int fenced_commits = 0;
  bool left = false;

  void say(Kind kind, std::vector<TopicPartition> partitions) {
    const std::lock_guard lock(mutex);
    changes.push_back({kind, std::move(partitions)});
    changed.notify_all();
  }
  void wait_for_release(TopicPartition where) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return std::ranges::count(released, where) > 0; });
  }
};

class ScriptedAssignment final : public streams::Assignment {
 public:
  explicit ScriptedAssignment(Script& script) : script_(script) {}

  [[nodiscard]] bool shared() const override { return true; }
  Result<std::optional<AssignmentChange>> poll(Milliseconds wait) override {
    std::unique_lock lock(script_.mutex);
    script_.changed.wait_for(lock, wait, [this] { return !script_.changes.empty(); });
    if (script_.changes.empty()) return std::optional<AssignmentChange>();
    auto change = std::move(script_.changes.front());
    script_.changes.pop_front();
    return std::optional(std::move(change));
  }
  Status released(const std::vector<TopicPartition>& partitions) override {
    const std::lock_guard lock(script_.mutex);
    script_.released.insert(script_.released.end(), partitions.begin(), partitions.end());
    script_.changed.notify_all();
    return ok();
  }
  Status commit(TopicPartition where, Offset next) override {
    const std::lock_guard lock(script_.mutex);
    if (script_.fenced_commits > 0) {
      --script_.fenced_commits;
      return fail(ErrorCode::conflict, "somebody else owns it");
    }
    script_.commits[where] = next;
    return ok();
  }
  void leave() override {
    const std::lock_guard lock(script_.mutex);
    script_.left = true;
  }

 private:
  Script& script_;
};

class PipelineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto log =
        streams::EmbeddedLog::open({.folder = folder_ / "log", .user_activity_partitions = 2});
    ASSERT_TRUE(log);
    log_ = std::move(*log);
    auto tables = storage::EmbeddedTables::open({.folder = folder_ / "tables"});
    ASSERT_TRUE(tables);
    auto place = std::make_unique<storage::SwitchedTables>(
        std::shared_ptr<storage::TableStore>(std::move(*tables)));
    place_ = place.get();
    tables_ = std::move(place);
  }

  void start(Milliseconds flush_interval) {
    pipeline_ = std::make_unique<Pipeline>(
        *log_, *tables_,
        [](TopicPartition) {
          return std::make_unique<UserActivityProcessor>(UserActivityOptions{});
        },
        std::make_unique<ScriptedAssignment>(script_),
        PipelineOptions{.partitions = {first, second}, .flush_interval = flush_interval},
        counters_);
    ASSERT_TRUE(pipeline_->start());
  }

  /// Appends a page view to a partition. One past it.
  Offset append(TopicPartition where) {
    const Timestamp now = SystemClock().now();
    const auto item =
        normalizer_.normalize(R"({"type":"page","messageId":"m)" + std::to_string(++appended_) +
                                  R"(","anonymousId":"v1"})",
                              {.received_at = now});
    const auto places = append_and_wait(*log_, {{.stream = where.stream,
                                                 .key = item.events.at(0).key,
                                                 .value = item.events.at(0).json,
                                                 .received_at = now,
                                                 .partition = where.partition}});
    EXPECT_TRUE(places);
    return places->at(0).offset.next();
  }

  void wait_until_applied(TopicPartition where, std::uint64_t events) {
    auto& processed = counters_.processing.partitions.of(streams::to_string(where)).processed;
    while (processed.value() < events) std::this_thread::yield();
  }

  Offset stored(TopicPartition where) {
    const auto state = JobState::load(*tables_, where);
    return state && *state ? (*state)->applied.offset.next() : Offset(0);
  }

  TemporaryFolder folder_ = testing::temporary_folder();
  events::Normalizer normalizer_;
  int appended_ = 0;
  Counters counters_;
  Script script_;
  std::unique_ptr<streams::EventLog> log_;
  std::unique_ptr<storage::TableStore> tables_;
  storage::SwitchedTables* place_ = nullptr;  ///< is `tables_`
  std::unique_ptr<Pipeline> pipeline_;
};

TEST_F(PipelineTest, ProcessesWhatIsAssignedAtTheStartAndLater) {
  script_.say(Kind::assigned, {first});
  start(Milliseconds(1));
  EXPECT_THAT(pipeline_->owned(), ElementsAre(first));
  script_.say(Kind::assigned, {second});
  ASSERT_TRUE(
      pipeline_->wait_until_stored({{first, append(first)}, {second, append(second)}}, patience));
  EXPECT_THAT(pipeline_->owned(), ElementsAre(first, second));
}

TEST_F(PipelineTest, FlushesAPartitionThatIsRevokedBeforeLettingItGo) {
  start(std::chrono::hours(1));
  script_.say(Kind::assigned, {first, second});
  const Offset end = append(first);
  wait_until_applied(first, 1);
  EXPECT_EQ(stored(first), Offset(0));
  script_.say(Kind::revoked, {first});
  script_.wait_for_release(first);
  EXPECT_EQ(stored(first), end);
  EXPECT_EQ(script_.commits.at(first), end);
  EXPECT_THAT(pipeline_->owned(), ElementsAre(second));
}

TEST_F(PipelineTest, DropsAPartitionThatIsLostWithWhatWasNotStored) {
  start(std::chrono::hours(1));
  script_.say(Kind::assigned, {first});
  append(first);
  wait_until_applied(first, 1);
  script_.say(Kind::lost, {first});
  script_.wait_for_release(first);
  EXPECT_EQ(stored(first), Offset(0));
  EXPECT_THAT(pipeline_->owned(), IsEmpty());
}

TEST_F(PipelineTest, TakesAPartitionThatComesBackUpWhereItsRowsStand) {
  start(Milliseconds(1));
  script_.say(Kind::assigned, {first});
  ASSERT_TRUE(pipeline_->wait_until_stored({{first, append(first)}}, patience));
  script_.say(Kind::revoked, {first});
  script_.wait_for_release(first);
  const Offset end = append(first);
  script_.say(Kind::assigned, {first});
  ASSERT_TRUE(pipeline_->wait_until_stored({{first, end}}, patience));
  wait_until_applied(first, 2);
  EXPECT_TRUE(pipeline_->stop());
  EXPECT_EQ(counters_.processing.partitions.of("user-activity/0").processed.value(), 2U);
}

TEST_F(PipelineTest, GoesOnInOtherTablesFromWhereThoseStand) {
  start(std::chrono::hours(1));
  script_.say(Kind::assigned, {first, second});
  const Offset end = append(first);
  wait_until_applied(first, 1);
  auto others = storage::EmbeddedTables::open({.folder = folder_ / "others"});
  ASSERT_TRUE(others);
  const std::shared_ptr<storage::TableStore> next = std::move(*others);
  std::shared_ptr<storage::TableStore> former;
  ASSERT_TRUE(pipeline_->change_tables([&] { former = place_->put(next); }));
  const auto state = JobState::load(*former, first);
  ASSERT_TRUE(state && *state);
  EXPECT_EQ((*state)->applied.offset.next(), end) << "what was applied is stored before";
  EXPECT_THAT(pipeline_->owned(), ElementsAre(first, second));
  EXPECT_THAT(script_.released, IsEmpty()) << "the partitions stay ours";
  const Offset last = append(first);
  wait_until_applied(first, 3);
  EXPECT_TRUE(pipeline_->stop());
  EXPECT_EQ(stored(first), last);
  EXPECT_EQ(pipeline_->change_tables([] {}).error().code, ErrorCode::cancelled);
}

TEST_F(PipelineTest, AFencedCommitDoesNotStopAPartitionForGood) {
  start(Milliseconds(1));
  script_.fenced_commits = 1;
  script_.say(Kind::assigned, {first});
  ASSERT_TRUE(pipeline_->wait_until_stored({{first, append(first)}}, patience));
  const Offset end = append(first);
  ASSERT_TRUE(pipeline_->wait_until_stored({{first, end}}, patience));
  EXPECT_TRUE(pipeline_->stop());
  EXPECT_EQ(script_.commits.at(first), end);
}

TEST_F(PipelineTest, StoresWhatTheLogHoldsAndLeavesWhenItStops) {
  start(std::chrono::hours(1));
  script_.say(Kind::assigned, {first});
  const Offset end = append(first);
  wait_until_applied(first, 1);
  ASSERT_TRUE(pipeline_->stop());
  EXPECT_EQ(stored(first), end);
  EXPECT_TRUE(script_.left);
}

TEST_F(PipelineTest, WaitsForWhatAnotherProcessStores) {
  start(Milliseconds(1));
  const auto behind = pipeline_->wait_until_stored({{second, Offset(1)}}, Milliseconds(1));
  ASSERT_FALSE(behind);
  EXPECT_EQ(behind.error().code, ErrorCode::timed_out);
  const JobState other{.applied = {Epoch(1), Offset(0)}, .definitions = {}};
  ASSERT_TRUE(storage::write_now(*tables_, {other.row(second)}));
  EXPECT_TRUE(pipeline_->wait_until_stored({{second, Offset(1)}}, patience));
}

}  // namespace
}  // namespace bytebasket::processors
