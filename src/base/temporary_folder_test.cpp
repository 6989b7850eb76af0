#include "base/temporary_folder.hpp"

#include <fstream>
#include <optional>

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

TEST(TemporaryFolder, GoesWithEverythingInItWhenTheLastThatHasItGoes) {
  auto made = TemporaryFolder::make("bytebasket-test");
  ASSERT_TRUE(made) << made.error().message;
  const std::filesystem::path path = made->path();
  std::ofstream(*made / "file") << "bytes";
  {
    const TemporaryFolder taken = std::move(*made);
    made = fail(ErrorCode::cancelled, "what is left of it goes");
    EXPECT_TRUE(std::filesystem::exists(path / "file"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TemporaryFolder, IsAnotherOneEachTime) {
  const auto outer = TemporaryFolder::make("bytebasket-test");
  ASSERT_TRUE(outer) << outer.error().message;
  const auto one = TemporaryFolder::make("inner", outer->path());
  const auto other = TemporaryFolder::make("inner", outer->path());
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->path(), other->path());
  EXPECT_EQ(one->path().parent_path(), outer->path());
}

TEST(TemporaryFolder, SaysWhatCannotBeMadeAndWhy) {
  const auto made = TemporaryFolder::make("name", "/nowhere");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::unavailable);
  EXPECT_EQ(made.error().message, "cannot create a folder in /nowhere: No such file or directory");
}

}  // namespace
}  // namespace bytebasket
