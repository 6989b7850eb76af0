#include "app/service/file_limit.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace bytebasket::app {
namespace {

TEST(FileLimit, LeavesFilesForLogAndTables) {
  EXPECT_EQ(connections_within(10'000, 65'536), 10'000U);
  EXPECT_EQ(connections_within(10'000, 12'048), 10'000U);
  EXPECT_EQ(connections_within(10'000, 10'000), 7'952U);
  EXPECT_EQ(connections_within(10'000, 1'024), 512U);
  EXPECT_EQ(connections_within(10'000, 1), 1U);
}

TEST(FileLimit, IsRaisedAsFarAsItMay) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{256, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(allow_connections(100), 100U);
  rlimit raised{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &raised), 0);
  EXPECT_EQ(raised.rlim_cur, std::min<rlim_t>(before.rlim_max, 2'148));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace bytebasket::app
