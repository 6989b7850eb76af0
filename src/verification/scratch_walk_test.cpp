#include "verification/scratch_walk.hpp"

#include <gtest/gtest.h>

#include "schema/tables.hpp"
#include "storage/embedded/embedded_tables.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::verification {
namespace {

using Values = std::vector<std::optional<std::string>>;

class ScratchWalkTest : public ::testing::Test {
 protected:
  static storage::RowKey key(int number) {
    const schema::OrdersKey order{.order_id = std::to_string(10'000 + number), .facet = "f"};
    return {schema::TableId::orders, order.partition_key(), order.clustering_key()};
  }

  static std::vector<storage::TableRow> rows(const std::vector<int>& numbers) {
    std::vector<storage::TableRow> rows;
    for (const int number : numbers) rows.push_back({.key = key(number)});
    return rows;
  }

  /// Rows with the even numbers below 3,000, but for 10, which is emptied.
  void SetUp() override {
    auto opened = storage::EmbeddedTables::open({.folder = folder_ / "tables"});
    ASSERT_TRUE(opened) << opened.error().message;
    tables_ = std::move(*opened);
    std::vector<storage::Mutation> mutations;
    for (int i = 0; i < 3'000; i += 2) {
      mutations.push_back({.key = key(i),
                           .value = i == 10 ? "" : std::to_string(i),
                           .position = {Epoch(1), Offset(1)}});
    }
    ASSERT_TRUE(storage::write_now(*tables_, std::move(mutations)));
  }

  Values look_up(ScratchWalk& walk, const std::vector<int>& numbers) {
    const auto found = walk.look_up(rows(numbers));
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(Values());
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<storage::EmbeddedTables> tables_;
  int passed_ = 0;
  ScratchWalk::Passed count_ = [this](const storage::TableRow&) { ++passed_; };
};

TEST_F(ScratchWalkTest, FindsWhatIsThereWhetherKeysAscendOrNot) {
  ScratchWalk walk(*tables_, schema::TableId::orders, count_);
  EXPECT_EQ(look_up(walk, {3, 4, 10, 11, 12}), (Values{{}, "4", {}, {}, "12"}));
  EXPECT_EQ(look_up(walk, {14, 2'500, 2'501}), (Values{"14", "2500", {}}));
  EXPECT_EQ(look_up(walk, {8, 4}), (Values{"8", "4"})) << "behind the walk, and backwards";
  EXPECT_EQ(look_up(walk, {2'502, 9'999}), (Values{"2502", {}}));
  EXPECT_EQ(look_up(walk, {}), Values());
}

TEST_F(ScratchWalkTest, PassesEveryRowOnce) {
  ScratchWalk walk(*tables_, schema::TableId::orders, count_);
  look_up(walk, {100, 1'999});
  look_up(walk, {100});
  ASSERT_TRUE(walk.finish());
  EXPECT_EQ(passed_, 1'500);
}

}  // namespace
}  // namespace bytebasket::verification
