#include "analytics/api_access.hpp"

#include <gtest/gtest.h>

namespace bytebasket::analytics {
namespace {

http::Request request(std::vector<std::pair<std::string, std::string>> headers) {
  http::Request request;
  request.headers = std::move(headers);
  return request;
}

unsigned status(const ApiAccess& access, const http::Request& asked, Access wanted) {
  const auto refused = access.refuse(asked, wanted);
  return refused ? refused->status : 200;
}

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(ApiAccess, OnLoopbackWithoutTokensEverythingIsOpen) {
  const ApiAccess access({});
  EXPECT_EQ(status(access, request({}), Access::read), 200U);
  EXPECT_EQ(status(access, request({}), Access::change), 200U);
}

TEST(ApiAccess, WithoutTokensAPageWhoseNameWasGivenThisAddressGetsNothing) {
  const ApiAccess access({});
  const auto rebound =
      request({{"host", "evil.example:8080"}, {"origin", "http://evil.example:8080"}});
  EXPECT_EQ(status(access, rebound, Access::read), 403U);
  EXPECT_EQ(status(access, rebound, Access::change), 403U);
  EXPECT_EQ(status(access, rebound, Access::anyone), 200U);
  for (const char* ours : {"127.0.0.1:8080", "localhost:8080", "[::1]:8080"})
    EXPECT_EQ(status(access, request({{"host", ours}}), Access::read), 200U) << ours;
}

TEST(ApiAccess, WithoutTokensAProxyLetsNobodyIn) {
  const ApiAccess access({});
  const auto through = [](const char* client) {
    return request({{"host", "127.0.0.1:8080"}, {"x-forwarded-for", client}});
  };
  EXPECT_EQ(status(access, through("203.0.113.9"), Access::read), 403U);
  EXPECT_EQ(status(access, through("127.0.0.1"), Access::read), 200U);
}

TEST(ApiAccess, WithTokensItIsReachedByAnyName) {
  const ApiAccess access({.read_tokens = {"rrr"}});
  EXPECT_EQ(status(access,
                   request({{"host", "shop.example"},
                            {"x-forwarded-for", "203.0.113.9"},
                            {"authorization", "Bearer rrr"}}),
                   Access::read),
            200U);
}

TEST(ApiAccess, BeyondLoopbackNobodyComesInWithoutATokenEvenIfNoneIsConfigured) {
  const ApiAccess access({.beyond_loopback = true});
  EXPECT_EQ(status(access, request({}), Access::anyone), 200U);
  EXPECT_EQ(status(access, request({}), Access::read), 401U);
  EXPECT_EQ(status(access, request({{"authorization", "Bearer "}}), Access::read), 401U);
}

TEST(ApiAccess, AReadTokenReadsAndAChangeTokenDoesBoth) {
  const ApiAccess access(
      {.beyond_loopback = true, .read_tokens = {"rrr"}, .change_tokens = {"ccc"}});
  EXPECT_EQ(status(access, request({{"authorization", "Bearer rrr"}}), Access::read), 200U);
  EXPECT_EQ(status(access, request({{"authorization", "Bearer rrr"}}), Access::change), 403U);
  EXPECT_EQ(status(access, request({{"authorization", "bearer ccc"}}), Access::change), 200U);
  EXPECT_EQ(status(access, request({{"authorization", "Bearer ccc"}}), Access::read), 200U);
  EXPECT_EQ(status(access, request({{"authorization", "Bearer rr"}}), Access::read), 401U);
  EXPECT_EQ(status(access, request({{"authorization", "Basic rrr"}}), Access::read), 401U);
}

TEST(ApiAccess, ConfiguredTokensAreAskedForOnLoopbackToo) {
  const ApiAccess access({.read_tokens = {"rrr"}});
  EXPECT_EQ(status(access, request({}), Access::read), 401U);
}

TEST(ApiAccess, AMissingTokenIsAskedForByItsScheme) {
  const auto refused = ApiAccess({.beyond_loopback = true}).refuse(request({}), Access::read);
  ASSERT_TRUE(refused);
  EXPECT_EQ(header(*refused, "WWW-Authenticate"), "Bearer realm=\"bytebasket\"");
}

TEST(ApiAccess, APageOfAnotherSiteCannotChangeAnything) {
  const ApiAccess access({});
  EXPECT_EQ(
      status(access, request({{"origin", "https://evil.example"}, {"host", "127.0.0.1:8080"}}),
             Access::change),
      403U);
  EXPECT_EQ(
      status(access, request({{"origin", "http://127.0.0.1:8080"}, {"host", "127.0.0.1:8080"}}),
             Access::change),
      200U);
}

TEST(ApiAccess, OnlyConfiguredOriginsMayReadAnswers) {
  const ApiAccess access({.cors_origins = {"https://a.example"}});
  http::Response allowed;
  access.allow_origin(request({{"origin", "https://a.example"}}), allowed);
  EXPECT_EQ(header(allowed, "Access-Control-Allow-Origin"), "https://a.example");
  http::Response refused;
  access.allow_origin(request({{"origin", "https://b.example"}}), refused);
  EXPECT_EQ(header(refused, "Access-Control-Allow-Origin"), "");
  EXPECT_EQ(header(refused, "Vary"), "Origin");
}

TEST(ApiAccess, APreflightAllowsReadingOnly) {
  const auto response =
      ApiAccess({.cors_origins = {"*"}}).preflight(request({{"origin", "https://a.example"}}));
  EXPECT_EQ(response.status, 204U);
  EXPECT_EQ(header(response, "Access-Control-Allow-Methods"), "GET, HEAD");
}

TEST(ConstantTimeComparison, IsEqualityAndNothingElse) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcabc"));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
  EXPECT_FALSE(equal_in_constant_time("a", ""));
}

}  // namespace
}  // namespace bytebasket::analytics
