#include "streams/kafka/seen_topics.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace bytebasket::streams::kafka {
namespace {

TEST(SeenTopics, AreRememberedFromOneRunToTheNext) {
  const TemporaryFolder folder = testing::temporary_folder();
  const std::filesystem::path file = folder / "spool.topics";
  EXPECT_FALSE(remembered_topics(file));
  const std::vector<SeenTopic> topics = {{"shop.user-activity.v1", 4}, {"shop.transactions.v1", 1}};
  ASSERT_TRUE(remember_topics(file, topics));
  const auto read = remembered_topics(file);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, topics);
}

TEST(SeenTopics, AreKnownFromTheLongerLinesOfFormerVersions) {
  const TemporaryFolder folder = testing::temporary_folder();
  const std::filesystem::path file = folder / "spool.topics";
  std::ofstream(file) << "shop.user-activity.v1 4 7\nshop.transactions.v1 1 8\n";
  const auto read = remembered_topics(file);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read,
            (std::vector<SeenTopic>{{"shop.user-activity.v1", 4}, {"shop.transactions.v1", 1}}));
}

}  // namespace
}  // namespace bytebasket::streams::kafka
