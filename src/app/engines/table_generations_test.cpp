#include "app/engines/table_generations.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace bytebasket::app {
namespace {

namespace fs = std::filesystem;

class TableGenerationsTest : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path data() const { return folder_.path(); }
  TemporaryFolder folder_ = testing::temporary_folder();
};

TEST_F(TableGenerationsTest, BeginWithTheFolderTables) {
  EXPECT_EQ(*current_tables(data()), data() / "tables");
}

TEST_F(TableGenerationsTest, ServeTheNewFolderOnceItIsPublishedAndTheOldOneUntilThen) {
  fs::create_directory(data() / "tables");
  const auto next = next_tables(data());
  fs::create_directory(*next);
  EXPECT_EQ(*current_tables(data()), data() / "tables");
  ASSERT_TRUE(publish_tables(data(), *next));
  EXPECT_EQ(*current_tables(data()), *next);
  remove_former_tables(data());
  EXPECT_FALSE(fs::exists(data() / "tables"));
  EXPECT_TRUE(fs::exists(*next));
  EXPECT_NE(*next_tables(data()), *next);
}

TEST_F(TableGenerationsTest, ForgetWhatAnInterruptedRebuildLeft) {
  fs::create_directory(data() / "tables");
  fs::create_directory(data() / "tables-2");
  fs::create_directory(data() / "log");
  std::ofstream(data() / "tables-2" / "half") << "done";
  EXPECT_FALSE(fs::exists(*next_tables(data()) / "half"));
  fs::create_directory(data() / "tables-2");
  remove_former_tables(data());
  EXPECT_FALSE(fs::exists(data() / "tables-2"));
  EXPECT_TRUE(fs::exists(data() / "tables"));
  EXPECT_TRUE(fs::exists(data() / "log"));
}

TEST_F(TableGenerationsTest, AreNotBegunAnewWhereThePointerIsLost) {
  fs::create_directory(data() / "tables-2");
  const auto current = current_tables(data());
  ASSERT_FALSE(current);
  EXPECT_NE(current.error().message.find("tables-2"), std::string::npos) << current.error().message;
  remove_former_tables(data());
  EXPECT_TRUE(fs::exists(data() / "tables-2"));
}

TEST_F(TableGenerationsTest, RefuseAPointerToNothing) {
  for (const char* name : {"tables-9", "../elsewhere", "", "log"}) {
    std::ofstream(data() / "tables.current") << name << "\n";
    const auto current = current_tables(data());
    ASSERT_FALSE(current) << name;
    EXPECT_EQ(current.error().code, ErrorCode::corrupt);
    EXPECT_FALSE(next_tables(data()));
  }
}

}  // namespace
}  // namespace bytebasket::app
