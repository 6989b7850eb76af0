#include "app/doctor/reach.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/server.hpp"

namespace bytebasket::app {
namespace {

using ::testing::HasSubstr;

constexpr Milliseconds patience{5'000};

class Reach : public ::testing::Test {
 protected:
  Reach() : server_({.address = "127.0.0.1", .port = 0}) {}

  http::Server server_;
};

TEST_F(Reach, FindsWhoListens) {
  ASSERT_TRUE(server_.start());
  EXPECT_TRUE(reach("127.0.0.1:" + std::to_string(server_.port()), patience));
  EXPECT_TRUE(reach("localhost:" + std::to_string(server_.port()), patience));
}

TEST_F(Reach, SaysThatNobodyListensAndWhatToDo) {
  ASSERT_TRUE(server_.start());
  const std::string address = "127.0.0.1:" + std::to_string(server_.port());
  server_.stop();
  const Status reached = reach(address, patience);
  ASSERT_FALSE(reached);
  EXPECT_EQ(reached.error().code, ErrorCode::unavailable);
  EXPECT_THAT(reached.error().message, HasSubstr(address + " refuses connections"));
  EXPECT_THAT(reached.error().message, HasSubstr("start the server"));
}

TEST_F(Reach, SaysThatANameHasNoAddress) {
  const Status reached = reach("no-such-host.invalid:9092", patience);
  ASSERT_FALSE(reached);
  EXPECT_EQ(reached.error().code, ErrorCode::not_found);
  EXPECT_THAT(reached.error().message, HasSubstr("no-such-host.invalid"));
}

TEST_F(Reach, WantsAHostAndAPort) {
  for (const char* wrong : {"", "host", "host:", ":9092"}) {
    const Status reached = reach(wrong, patience);
    ASSERT_FALSE(reached) << wrong;
    EXPECT_EQ(reached.error().code, ErrorCode::invalid_argument) << wrong;
  }
}

TEST_F(Reach, TakesAnAddressOfIpV6InBrackets) {
  const Status reached = reach("[::1]:1", patience);
  ASSERT_FALSE(reached);
  EXPECT_NE(reached.error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace bytebasket::app
