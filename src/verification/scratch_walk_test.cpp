#include "verification/scratch_walk.hpp"

#include <gtest/gtest.h>

#include "schema/tables.hpp"
#include "support/temporary_folder.hpp"
#include "support/verified_shop.hpp"

namespace bytebasket::verification {
namespace {

using Values = std::vector<std::optional<std::string>>;

/// With the memory of the scratch: all rows in it, or none.
class ScratchWalkTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  static storage::RowKey key(int number) {
    const schema::OrdersKey order{.order_id = std::to_string(10'000 + number), .facet = "f"};
    return storage::RowKey::of(order);
  }

  static std::vector<storage::TableRow> rows(const std::vector<int>& numbers) {
    std::vector<storage::TableRow> rows;
    for (const int number : numbers) rows.push_back({.key = key(number)});
    return rows;
  }

  /// Rows with the even numbers below 3,000, but for 10, which is emptied.
  void SetUp() override {
    std::vector<storage::Mutation> mutations;
    for (int i = 0; i < 3'000; i += 2) {
      mutations.push_back({.key = key(i),
                           .value = i == 10 ? "" : std::to_string(i),
                           .position = {Epoch(1), Offset(1)}});
    }
    ASSERT_TRUE(storage::write_now(scratch_.tables(), std::move(mutations)));
  }

  Values look_up(ScratchWalk& walk, const std::vector<int>& numbers) {
    const auto found = walk.look_up(rows(numbers));
    EXPECT_TRUE(found) << found.error().message;
    Values values;
    if (!found) return values;
    for (const auto& value : *found) {
      values.emplace_back();
      if (value) values.back() = std::string(*value);
    }
    return values;
  }

  TemporaryFolder folder_ = testing::temporary_folder();
  testing::EmbeddedScratch scratch_{folder_ / "tables", GetParam()};
  int passed_ = 0;
  ScratchWalk::Passed count_ = [this](const storage::RowKey&, std::string_view) { ++passed_; };
};

TEST_P(ScratchWalkTest, FindsWhatIsThereWhetherKeysAscendOrNot) {
  ScratchWalk walk(scratch_, schema::TableId::orders, count_);
  EXPECT_EQ(look_up(walk, {3, 4, 10, 11, 12}), (Values{{}, "4", {}, {}, "12"}));
  EXPECT_EQ(look_up(walk, {14, 2'500, 2'501}), (Values{"14", "2500", {}}));
  EXPECT_EQ(look_up(walk, {8, 4}), (Values{"8", "4"})) << "behind the walk, and backwards";
  EXPECT_EQ(look_up(walk, {2'502, 9'999}), (Values{"2502", {}}));
  EXPECT_EQ(look_up(walk, {}), Values());
}

TEST_P(ScratchWalkTest, PassesEveryRowOnce) {
  ScratchWalk walk(scratch_, schema::TableId::orders, count_);
  look_up(walk, {100, 1'999});
  look_up(walk, {100});
  ASSERT_TRUE(walk.finish());
  EXPECT_EQ(passed_, 1'500);
}

INSTANTIATE_TEST_SUITE_P(Scratch, ScratchWalkTest, ::testing::Values(1, 1 << 30));

}  // namespace
}  // namespace bytebasket::verification
