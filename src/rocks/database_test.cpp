#include "rocks/database.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include "rocks/store_folder.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::rocks {
namespace {

constexpr MemoryLimits memory{8 << 20, 4 << 20};
constexpr std::size_t files_made = 6;

std::unique_ptr<Database> open(const std::string& folder, Recovery recovery, bool compacts = true) {
  rocksdb::ColumnFamilyOptions family;
  family.level0_file_num_compaction_trigger = 2;
  family.disable_auto_compactions = !compacts;
  auto database = Database::open(folder, common_options(memory, nullptr, recovery),
                                 {{rocksdb::kDefaultColumnFamilyName, family}});
  return database ? *std::move(database) : nullptr;
}

std::uint64_t number_of(Database& database, const std::string& property) {
  std::uint64_t number = 0;
  EXPECT_TRUE(database.db().GetIntProperty(property, &number));
  return number;
}

std::string files_at_top(Database& database) {
  std::string number;
  EXPECT_TRUE(database.db().GetProperty("rocksdb.num-files-at-level0", &number));
  return number;
}

/// Each close leaves one file, which has every key: they can only be merged, not moved.
void make_overlapping_files(const std::string& folder) {
  ASSERT_TRUE(claim_folder(folder, {"test", 1, {}}));
  for (std::size_t i = 0; i < files_made; ++i) {
    const auto database = open(folder, Recovery::files, /*compacts=*/false);
    ASSERT_NE(database, nullptr);
    rocksdb::WriteBatch batch;
    for (const char* key : {"a", "m", "z"}) ASSERT_TRUE(batch.Put(key, std::to_string(i)).ok());
    ASSERT_TRUE(database->write(batch, Durability::process));
  }
}

TEST(Database, LeavesTheFilesOfAFolderAsTheyAreWhereItIsOnlyRead) {
  const TemporaryFolder folder = testing::temporary_folder();
  make_overlapping_files(folder.path());
  {
    const auto reading = open(folder.path(), Recovery::memory);
    ASSERT_NE(reading, nullptr);
    EXPECT_EQ(files_at_top(*reading), std::to_string(files_made));
    EXPECT_EQ(number_of(*reading, "rocksdb.num-running-compactions"), 0U);
    EXPECT_TRUE(reading->db().GetOptions(reading->family(0)).disable_auto_compactions);
  }
  const auto serving = open(folder.path(), Recovery::files);
  ASSERT_NE(serving, nullptr);
  while (files_at_top(*serving) == std::to_string(files_made))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace
}  // namespace bytebasket::rocks
