#include "app/engines/keyspace_generations.hpp"

#include <gtest/gtest.h>

#include "storage/embedded/embedded_tables.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::app {
namespace {

class KeyspaceGenerationsTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_ = testing::temporary_folder();
  std::unique_ptr<storage::TableStore> tables_ =
      std::move(*storage::EmbeddedTables::open({.folder = folder_ / "tables"}));
};

TEST_F(KeyspaceGenerationsTest, BeginWithTheConfiguredKeyspace) {
  const auto first = load_generations(*tables_, "shop");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->current, "shop");
  EXPECT_EQ(first->processed(), "shop");
  EXPECT_FALSE(first->next);
}

TEST_F(KeyspaceGenerationsTest, AreReplacedOnlyByWhomKnowsThem) {
  const KeyspaceGenerations first{.current = "shop", .next = {}};
  const KeyspaceGenerations under_way{.current = "shop", .next = "shop_2"};
  const KeyspaceGenerations done{.current = "shop_2", .next = {}};
  EXPECT_EQ(replace_generations(*tables_, "shop", first, under_way), true);
  EXPECT_EQ(*load_generations(*tables_, "shop"), under_way);
  EXPECT_EQ(under_way.processed(), "shop_2");
  EXPECT_EQ(replace_generations(*tables_, "shop", first, done), false);
  EXPECT_EQ(replace_generations(*tables_, "shop", under_way, done), true);
  EXPECT_EQ(*load_generations(*tables_, "shop"), done);
}

TEST(KeyspaceAfter, CountsOn) {
  EXPECT_EQ(keyspace_after("shop"), "shop_2");
  EXPECT_EQ(keyspace_after("shop_2"), "shop_3");
  EXPECT_EQ(keyspace_after("my_shop"), "my_shop_2");
  EXPECT_EQ(keyspace_after("my_shop_9"), "my_shop_10");
  EXPECT_EQ(keyspace_after("shop_1"), "shop_1_2");
}

}  // namespace
}  // namespace bytebasket::app
