// Membership of a consumer group on a real server: two members share, one leaves, one is fenced.
#include "streams/kafka/group_assignment.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "streams/kafka/kafka_log.hpp"
#include "support/kafka_under_test.hpp"

namespace bytebasket::streams {
namespace {

using Kind = AssignmentChange::Kind;
constexpr std::size_t partitions = 5;  // four of user activity, one of transactions

/// A member that lets go at once of what it has to give up.
class Member {
 public:
  explicit Member(const KafkaLogOptions& options) {
    auto joined = GroupAssignment::join(options, "bytebasket.process",
                                        {Stream::user_activity, Stream::transactions});
    EXPECT_TRUE(joined);
    if (joined) assignment_ = std::move(*joined);
  }

  void poll() {
    const auto change = assignment_->poll(Milliseconds(20));
    ASSERT_TRUE(change) << change.error().message;
    if (!*change) return;
    for (const TopicPartition where : (*change)->partitions) {
      if ((*change)->kind == Kind::assigned) {
        EXPECT_TRUE(owned_.insert(where).second);
      } else {
        EXPECT_EQ(owned_.erase(where), 1U);
      }
    }
    if ((*change)->kind != Kind::assigned) {
      EXPECT_TRUE(assignment_->released((*change)->partitions));
    }
  }

  [[nodiscard]] const std::set<TopicPartition>& owned() const { return owned_; }
  GroupAssignment& assignment() { return *assignment_; }

 private:
  std::unique_ptr<GroupAssignment> assignment_;
  std::set<TopicPartition> owned_;
};

class Group : public ::testing::Test {
 protected:
  Group() {
    kafka_.options().properties.consumer["session.timeout.ms"] = "6000";
    log_ = kafka_.open();
  }

  /// Polls all members until `done`, for minutes if need be.
  template <typename Done>
  static void poll_until(const std::vector<Member*>& members, Done done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    while (!done() && std::chrono::steady_clock::now() < deadline) {
      for (Member* member : members) ASSERT_NO_FATAL_FAILURE(member->poll());
    }
    EXPECT_TRUE(done());
  }

  testing::KafkaUnderTest kafka_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(Group, SharesPartitionsAmongItsMembersAndHandsThemOnWhenOneLeaves) {
  ASSERT_NE(log_, nullptr);
  Member first(kafka_.options());
  poll_until({&first}, [&] { return first.owned().size() == partitions; });
  std::set<TopicPartition> kept = first.owned();
  {
    Member second(kafka_.options());
    poll_until({&first, &second}, [&] {
      return first.owned().size() + second.owned().size() == partitions &&
             second.owned().size() >= 2;
    });
    EXPECT_TRUE(std::ranges::includes(kept, first.owned())) << "what a member keeps stays its own";
    ASSERT_TRUE(first.assignment().commit(*first.owned().begin(), Offset(0)));
    second.assignment().leave();
  }
  poll_until({&first}, [&] { return first.owned().size() == partitions; });
}

TEST_F(Group, KeepsCommitsForTheNextAndForToolsToSee) {
  ASSERT_NE(log_, nullptr);
  const TopicPartition where{Stream::transactions, PartitionId(0)};
  {
    Member member(kafka_.options());
    poll_until({&member}, [&] { return member.owned().size() == partitions; });
    ASSERT_TRUE(member.assignment().commit(where, Offset(7)));
    const auto stranger = log_->commit("bytebasket.process", where, Offset(3));
    ASSERT_FALSE(stranger) << "only members commit while there are any";
    EXPECT_EQ(stranger.error().code, ErrorCode::conflict);
  }
  EXPECT_EQ(*log_->committed("bytebasket.process", where), Offset(7));
}

}  // namespace
}  // namespace bytebasket::streams
