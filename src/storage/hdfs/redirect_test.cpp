#include "storage/hdfs/redirect.hpp"

#include <gtest/gtest.h>

namespace bytebasket::storage {
namespace {

TEST(Redirect, KeepsTls) {
  EXPECT_TRUE(check_redirect("http://name:9870/a?op=OPEN", "http://data:9864/a?op=OPEN"));
  EXPECT_TRUE(check_redirect("http://name:9870/a", "https://data:9865/a"));
  EXPECT_TRUE(check_redirect("https://name:9871/a", "https://data:9865/a"));
  const Status left = check_redirect("https://name:9871/a?op=OPEN", "http://data:9864/a?token=x");
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().code, ErrorCode::permission_denied);
  EXPECT_EQ(left.error().message,
            "https://name:9871/a sends us on without TLS, to http://data:9864/a: set "
            "dfs.http.policy to HTTPS_ONLY on its DataNodes too");
}

}  // namespace
}  // namespace bytebasket::storage
