#include "analytics/api_assets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/api_fixture.hpp"

namespace bytebasket::analytics {
namespace {

using ::testing::HasSubstr;
using testing::header;
using ::testing::Not;
using testing::script;

class ApiAssetsTest : public testing::RunningApi {};

TEST_F(ApiAssetsTest, FilesAreServedWithTheirCachingAndPolicy) {
  start();
  const auto plain = get(script.path);
  EXPECT_EQ(plain.body, script.bytes);
  EXPECT_EQ(header(plain, "content-type"), script.content_type);
  EXPECT_EQ(header(plain, "cache-control"), "public, max-age=31536000, immutable");
  EXPECT_THAT(header(plain, "content-security-policy"), HasSubstr("script-src 'self'"));
  const auto packed = get(script.path, {{"Accept-Encoding", "br, gzip"}});
  EXPECT_EQ(header(packed, "content-encoding"), "gzip");
  EXPECT_EQ(packed.body, script.gzip);
  const auto known = get(script.path, {{"If-None-Match", "\"1234\""}});
  EXPECT_EQ(known.status, 304U);
  EXPECT_EQ(known.body, "");
}

TEST_F(ApiAssetsTest, WithoutADashboardTheFirstPageSaysHowToGetOne) {
  start();
  const auto page = get("/");
  EXPECT_EQ(page.status, 200U);
  EXPECT_THAT(page.body, HasSubstr("make build"));
}

TEST_F(ApiAssetsTest, TheApiPageNeedsNothingFromElsewhere) {
  start();
  const auto page = get("/docs");
  EXPECT_THAT(page.body, HasSubstr("/api/v1/metrics/{name}"));
  EXPECT_THAT(page.body, Not(HasSubstr("src=")));
  EXPECT_THAT(page.body, Not(HasSubstr("href=\"http")));
  EXPECT_THAT(header(page, "content-security-policy"), HasSubstr("default-src 'none'"));
}

}  // namespace
}  // namespace bytebasket::analytics
