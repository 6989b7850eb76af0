#include "storage/embedded/embedded_tables.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "support/settable_clock.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::storage {
namespace {

RowKey row(const std::string& order) {
  const schema::OrdersKey key{order, "state"};
  return storage::RowKey::of(key);
}

class EmbeddedTablesTest : public ::testing::Test {
 protected:
  EmbeddedTablesTest() {
    options_.folder = folder_ / "tables";
    options_.memory_bytes = 16 << 20;
    options_.clock = &clock_;
  }

  Result<std::unique_ptr<EmbeddedTables>> open() { return EmbeddedTables::open(options_); }

  /// Goes on with what a process that dies now leaves behind.
  void die() {
    const auto left = folder_ / "left";
    std::filesystem::copy(options_.folder, left);
    options_.folder = left;
  }

  [[nodiscard]] std::uintmax_t stored_bytes() const {
    std::uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(options_.folder)) {
      if (file.path().extension() == ".sst") bytes += file.file_size();
    }
    return bytes;
  }

  TemporaryFolder folder_ = testing::temporary_folder();
  testing::SettableClock clock_;
  EmbeddedTablesOptions options_;
};

TEST_F(EmbeddedTablesTest, ARowIsThereUntilItExpiresAndGoneFromThenOn) {
  const auto tables = open();
  ASSERT_TRUE(write_now(**tables, {{row("1"), "v", {}, timestamp_from_ms(1000)}}));
  clock_.set(999);
  EXPECT_TRUE(get_now(**tables, {row("1")})->at(0));
  clock_.set(1000);
  EXPECT_FALSE(get_now(**tables, {row("1")})->at(0));
  EXPECT_TRUE(scan_now(**tables, {schema::OrdersKey::table, row("1").partition, "", "", false, 10})
                  ->rows.empty());
}

TEST_F(EmbeddedTablesTest, LeavesNothingInTheWriteAheadLogAloneWhenItIsClosed) {
  auto tables = open();
  ASSERT_TRUE(write_now(**tables, {{row("1"), "v", {}, {}}}));
  ASSERT_EQ(stored_bytes(), 0U);
  tables->reset();
  EXPECT_GT(stored_bytes(), 0U);
  EXPECT_EQ(get_now(**open(), {row("1")})->at(0)->value, "v");
}

TEST_F(EmbeddedTablesTest, WritesNothingMoreWhenItIsAbandoned) {
  auto tables = open();
  ASSERT_TRUE(write_now(**tables, {{row("1"), "v", {}, {}}}));
  (*tables)->abandon();
  EXPECT_EQ(get_now(**tables, {row("1")}).error().code, ErrorCode::cancelled);
  tables->reset();
  EXPECT_EQ(stored_bytes(), 0U);
}

TEST_F(EmbeddedTablesTest, KeepsWhatWasSyncedAloneWhereItNeedNotSurviveACrash) {
  options_.survives_crash = false;
  auto tables = open();
  ASSERT_TRUE(write_now(**tables, {{row("1"), "v", {}, {}}}));
  tables->reset();
  EXPECT_EQ(stored_bytes(), 0U);

  tables = open();
  ASSERT_TRUE(write_now(**tables, {{row("2"), "v", {}, {}}}));
  ASSERT_TRUE((*tables)->sync());
  ASSERT_TRUE(write_now(**tables, {{row("3"), "v", {}, {}}}));
  tables->reset();
  EXPECT_GT(stored_bytes(), 0U);
  const auto rows = get_now(**open(), {row("1"), row("2"), row("3")});
  EXPECT_FALSE(rows->at(0));
  EXPECT_TRUE(rows->at(1));
  EXPECT_FALSE(rows->at(2));
}

TEST_F(EmbeddedTablesTest, ReadsWhatOnlyTheWriteAheadLogHasAndLeavesItThere) {
  const auto dying = open();
  ASSERT_TRUE(write_now(**dying, {{row("1"), "v", {}, {}}}));
  die();
  ASSERT_EQ(stored_bytes(), 0U);
  options_.recovery = rocks::Recovery::memory;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(get_now(**open(), {row("1")})->at(0)->value, "v");
    EXPECT_EQ(stored_bytes(), 0U);
  }
  ASSERT_TRUE(write_now(**open(), {{row("2"), "w", {}, {}}})) << "though nobody should";
  options_.recovery = rocks::Recovery::files;
  const auto tables = open();
  EXPECT_GT(stored_bytes(), 0U);
  EXPECT_EQ(get_now(**tables, {row("1")})->at(0)->value, "v");
  EXPECT_EQ(get_now(**tables, {row("2")})->at(0)->value, "w");
}

TEST_F(EmbeddedTablesTest, TakesSortedRowsAsAFileUnlessNewerOnesAreThere) {
  const auto tables = open();
  const auto position = [](std::int64_t offset) { return Position{Epoch(1), Offset(offset)}; };
  ASSERT_TRUE(write_now(**tables,
                        {{row("1"), "old", position(1), {}}, {row("2"), "new", position(9), {}}}));
  const std::vector<RowKey> keys = {row("1"), row("2"), row("3")};
  for (const char* value : {"sorted", "again"}) {
    std::size_t at = 0;
    ASSERT_TRUE((*tables)->write_sorted([&]() -> std::optional<RowView> {
      if (at == keys.size()) return std::nullopt;
      const RowKey& key = keys[at++];
      return RowView{key.table, key.partition, key.clustering, value, position(5), {}};
    }));
    EXPECT_EQ(get_now(**tables, {keys[0]})->at(0)->value, value);
    EXPECT_EQ(get_now(**tables, {keys[1]})->at(0)->value, "new");
    EXPECT_EQ(get_now(**tables, {keys[2]})->at(0)->value, value);
  }
  ASSERT_TRUE((*tables)->write_sorted([] { return std::nullopt; }));
  for (const auto& file : std::filesystem::directory_iterator(options_.folder))
    EXPECT_NE(file.path().extension(), ".rows") << file.path();
}

TEST_F(EmbeddedTablesTest, CompactionFreesTheBytesOfExpiredRows) {
  const auto tables = open();
  std::vector<Mutation> mutations;
  std::uint64_t noise = 1;
  for (int i = 0; i < 1000; ++i) {
    std::string value;
    for (int j = 0; j < 50; ++j)
      value += std::to_string(noise = noise * 6364136223846793005ULL + 1);
    mutations.push_back({row(std::to_string(i)), value, {}, timestamp_from_ms(1000)});
  }
  ASSERT_TRUE(write_now(**tables, mutations));
  ASSERT_TRUE((*tables)->compact());
  EXPECT_GT(stored_bytes(), 100'000U);
  clock_.set(1000);
  ASSERT_TRUE((*tables)->compact());
  EXPECT_LT(stored_bytes(), 10'000U);
}

TEST_F(EmbeddedTablesTest, RefusesAFolderOfANewerVersion) {
  ASSERT_TRUE(open());
  std::ofstream(options_.folder + "/bytebasket.format") << "kind: tables\nversion: 2\n";
  const auto newer = open();
  ASSERT_FALSE(newer);
  EXPECT_NE(newer.error().message.find("newer ByteBasket"), std::string::npos)
      << newer.error().message;
}

TEST_F(EmbeddedTablesTest, RefusesADatabaseThatIsNotItsOwn) {
  {
    ASSERT_TRUE(open());
  }
  std::filesystem::remove(options_.folder + "/bytebasket.format");
  const auto foreign = open();
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, ErrorCode::invalid_argument);
}

TEST_F(EmbeddedTablesTest, IsHeldByOneAtATime) {
  const auto tables = open();
  ASSERT_TRUE(tables);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
}

TEST_F(EmbeddedTablesTest, SaysWhetherItsWritesAreAtomic) {
  EXPECT_TRUE((*open())->atomic_writes());
  options_.atomic = false;
  EXPECT_FALSE((*open())->atomic_writes());
}

}  // namespace
}  // namespace bytebasket::storage
