#include "streams/kafka/seen_topics.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace bytebasket::streams::kafka {
namespace {

TEST(SeenTopics, AreRememberedFromOneRunToTheNext) {
  const testing::TemporaryFolder folder;
  const std::filesystem::path file = std::filesystem::path(folder.path()) / "spool.topics";
  EXPECT_FALSE(remembered_topics(file));
  const std::vector<SeenTopic> topics = {{"shop.user-activity.v1", 4, Epoch(7)},
                                         {"shop.transactions.v1", 1, Epoch(8)}};
  ASSERT_TRUE(remember_topics(file, topics));
  const auto read = remembered_topics(file);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, topics);
}

}  // namespace
}  // namespace bytebasket::streams::kafka
