#include <algorithm>

#include "contract/table_store_contract.hpp"

namespace bytebasket::storage {
namespace {

const std::vector<std::string> everything = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};

TEST_P(TableStoreScan, GivesAPartitionInOrderPageByPage) {
  for (const std::uint32_t limit : {1U, 3U, 9U, 10U, 11U}) {
    EXPECT_EQ(all_values("p", false, limit), everything) << "pages of " << limit;
  }
}

TEST_P(TableStoreScan, GivesAPartitionBackwardsPageByPage) {
  auto reversed = everything;
  std::reverse(reversed.begin(), reversed.end());
  for (const std::uint32_t limit : {1U, 3U, 9U, 10U, 11U}) {
    EXPECT_EQ(all_values("p", true, limit), reversed) << "pages of " << limit;
  }
}

TEST_P(TableStoreScan, SaysThatAFullPageWasTheLastOne) {
  const auto page = scan({schema::DecisionsKey::table, row("p", "").partition, "", "", false, 10});
  EXPECT_EQ(page.rows.size(), 10U);
  EXPECT_FALSE(page.next);
}

TEST_P(TableStoreScan, StartsAtFromAndEndsBeforeUntil) {
  EXPECT_EQ(range("c", "f", false), (std::vector<std::string>{"c", "d", "e"}));
  EXPECT_EQ(range("c", "f", true), (std::vector<std::string>{"e", "d", "c"}));
  EXPECT_EQ(range("i", "", false), (std::vector<std::string>{"i", "j"}));
  EXPECT_TRUE(range("f", "c", false).empty());
  EXPECT_TRUE(range("c", "c", true).empty());
}

TEST_P(TableStoreScan, LeavesOutEmptiedRowsWithoutShorteningPages) {
  write({{row("p", "b"), "", at(2), {}},
         {row("p", "c"), "", at(2), {}},
         {row("p", "j"), "", at(2), {}}});
  const std::vector<std::string> left = {"a", "d", "e", "f", "g", "h", "i"};
  EXPECT_EQ(all_values("p", false, 2), left);
  const auto page = scan({schema::DecisionsKey::table, row("p", "").partition, "", "", false, 7});
  EXPECT_EQ(page.rows.size(), 7U);
  EXPECT_FALSE(page.next) << "only an emptied row follows";
}

TEST_P(TableStoreScan, FindsNothingInAPartitionThatIsNotThere) {
  EXPECT_TRUE(all_values("nowhere", false, 5).empty());
  EXPECT_TRUE(all_values("nowhere", true, 5).empty());
}

TEST_P(TableStoreScan, GivesTheNewestTransactionsFirst) {
  std::vector<Mutation> mutations;
  for (int i = 0; i < 5; ++i) {
    const schema::TransactionsByTimeKey key{20'000, timestamp_from_ms(1000 + i), "t"};
    mutations.push_back(
        {{schema::TransactionsByTimeKey::table, key.partition_key(), key.clustering_key()},
         std::to_string(i),
         at(1),
         {}});
  }
  const std::string partition = mutations[0].key.partition;
  write(std::move(mutations));
  const auto page = scan({schema::TransactionsByTimeKey::table, partition, "", "", false, 2});
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows[0].value, "4");
  EXPECT_EQ(page.rows[1].value, "3");
}

}  // namespace
}  // namespace bytebasket::storage
