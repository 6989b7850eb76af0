#include "verification/held_tables.hpp"

#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "storage/embedded/embedded_tables.hpp"
#include "support/settable_clock.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::verification {
namespace {

using schema::TableId;

class HeldTablesTest : public ::testing::Test {
 protected:
  HeldTables::OpenBeneath beneath() {
    return [this]() -> Result<TablesBeneath> {
      ++opened_;
      BB_ASSIGN_OR_RETURN(auto tables, storage::EmbeddedTables::open({.folder = folder_ / "beneath",
                                                                      .memory_bytes = 16 << 20,
                                                                      .clock = &clock_}));
      storage::EmbeddedTables& opened = *tables;
      return TablesBeneath{std::move(tables), [&opened](const storage::NextRow& next) {
                             return opened.write_sorted(next);
                           }};
    };
  }

  static storage::RowKey key(int number) {
    if (number % 3 == 0) {
      const schema::OrdersKey order{.order_id = std::to_string(number), .facet = "f"};
      return storage::RowKey::of(order);
    }
    const schema::DecisionsKey decision{"o" + std::to_string(number % 7), std::to_string(number)};
    return storage::RowKey::of(decision);
  }

  static std::string value_of(storage::TableStore& tables, const storage::RowKey& key) {
    const auto rows = storage::get_now(tables, {key});
    EXPECT_TRUE(rows) << rows.error().message;
    return rows && rows->front() ? rows->front()->value : "-";
  }

  using Contents = std::map<storage::RowKey, std::pair<std::string, std::int64_t>>;
  static Contents contents_of(storage::TableStore& tables) {
    Contents contents;
    for (const TableId table : {TableId::orders, TableId::decisions}) {
      const auto page = storage::enumerate_now(tables, {table, "", 1'000'000});
      EXPECT_TRUE(page) << page.error().message;
      for (const auto& row : page->rows)
        contents[row.key] = {row.value, row.position.offset.value()};
    }
    return contents;
  }

  TemporaryFolder folder_ = testing::temporary_folder();
  testing::SettableClock clock_;
  int opened_ = 0;
};

TEST_F(HeldTablesTest, OpensNothingBeneathWhileRowsFit) {
  HeldTables tables(beneath(), 1 << 20, clock_);
  ASSERT_TRUE(storage::write_now(tables, {{key(1), "one", {Epoch(1), Offset(1)}, {}}}));
  EXPECT_EQ(value_of(tables, key(1)), "one");
  EXPECT_EQ(value_of(tables, key(2)), "-");
  ASSERT_NE(tables.all_rows(TableId::decisions), nullptr);
  EXPECT_EQ(tables.all_rows(TableId::decisions)->size(), 1U);
  EXPECT_EQ(tables.all_rows(TableId::orders)->size(), 0U);
  EXPECT_EQ(opened_, 0);
}

TEST_F(HeldTablesTest, KeepsANewerRowAgainstAnOlderWrite) {
  HeldTables tables(beneath(), 1 << 20, clock_);
  const auto write = [&](std::string value, std::int64_t offset) {
    ASSERT_TRUE(
        storage::write_now(tables, {{key(1), std::move(value), {Epoch(1), Offset(offset)}, {}}}));
  };
  write("newer", 7);
  write("older, and longer than that", 6);
  EXPECT_EQ(value_of(tables, key(1)), "newer");
  write("as new, and longer than what was there", 7);
  EXPECT_EQ(value_of(tables, key(1)), "as new, and longer than what was there");
  write("", 8);
  EXPECT_EQ(value_of(tables, key(1)), "-") << "emptied";
}

TEST_F(HeldTablesTest, ShowsNoRowThatIsExpired) {
  HeldTables tables(beneath(), 1 << 20, clock_);
  clock_.set(1'000);
  ASSERT_TRUE(storage::write_now(
      tables, {{key(1), "one", {Epoch(1), Offset(1)}, timestamp_from_ms(2'000)}}));
  EXPECT_EQ(value_of(tables, key(1)), "one");
  clock_.set(2'000);
  EXPECT_EQ(value_of(tables, key(1)), "-");
  clock_.set(1'999);
  EXPECT_EQ(contents_of(tables).size(), 1U) << "moved beneath with its expiry";
  clock_.set(2'000);
  EXPECT_EQ(contents_of(tables).size(), 0U);
}

TEST_F(HeldTablesTest, SaysWhatTablesBeneathRefuse) {
  HeldTables tables(
      []() -> Result<TablesBeneath> { return fail(ErrorCode::unavailable, "no room"); }, 1, clock_);
  const auto written = storage::write_now(tables, {{key(1), "one", {Epoch(1), Offset(1)}, {}}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "no room");
  EXPECT_EQ(value_of(tables, key(1)), "one") << "as after every failed write, it may be there";
}

// Writes and reads of any size, with memory for everything, for some rows, for none.
TEST_F(HeldTablesTest, AnswersAsTheTablesBeneathWouldHoweverLittleIsHeld) {
  for (const std::size_t memory : {std::size_t{1}, std::size_t{700'000}, std::size_t{1} << 30}) {
    SCOPED_TRACE(memory);
    std::filesystem::remove_all(folder_ / "beneath");
    HeldTables tables(beneath(), memory, clock_);
    const auto model = storage::EmbeddedTables::open(
        {.folder = folder_ / ("model" + std::to_string(memory)), .memory_bytes = 16 << 20});
    ASSERT_TRUE(model);
    std::mt19937 random(7);
    std::size_t moved = 0;
    for (std::int64_t offset = 1; offset <= 60; ++offset) {
      std::map<storage::RowKey, storage::Mutation> batch;
      for (std::uint32_t left = random() % 120; left > 0; --left) {
        const auto row = key(static_cast<int>(random() % 400));
        batch[row] = {row, std::string(random() % 2'000, 'x'), {Epoch(1), Offset(offset)}, {}};
      }
      std::vector<storage::Mutation> mutations;
      for (const auto& [row, mutation] : batch) mutations.push_back(mutation);
      ASSERT_TRUE(storage::write_now(**model, mutations));
      ASSERT_TRUE(storage::write_now(tables, mutations));
      moved += tables.all_rows(TableId::orders) == nullptr ? 1 : 0;
      for (int i = 0; i < 20; ++i) {
        const auto row = key(static_cast<int>(random() % 400));
        ASSERT_EQ(value_of(tables, row), value_of(**model, row));
      }
    }
    EXPECT_EQ(moved == 60, memory == 1);
    EXPECT_EQ(moved == 0, memory == 1 << 30);
    EXPECT_EQ(contents_of(tables), contents_of(**model));
  }
}

}  // namespace
}  // namespace bytebasket::verification
