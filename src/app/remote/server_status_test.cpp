#include "app/remote/server_status.hpp"

#include <gmock/gmock.h>

namespace bytebasket::app {
namespace {

TEST(ServerStatus, NamesTheStagesAndTheTimeOfTheServer) {
  const auto status = read_server_status(
      R"({"now":"2026-11-27T12:00:00.000Z","stages":[{"name":"log","state":"failing",)"
      R"("lag":12,"detail":"the disk is full"}]})");
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->now, *parse_timestamp("2026-11-27T12:00:00.000Z"));
  ASSERT_EQ(status->stages.size(), 1U);
  EXPECT_EQ(status->stages[0].name, "log");
  EXPECT_EQ(status->stages[0].state, "failing");
  EXPECT_EQ(status->stages[0].detail, "the disk is full");
  EXPECT_EQ(status->stages[0].lag, 12);
}

TEST(ServerStatus, TakesALagThatTheServerDoesNotKnowForNoNumber) {
  const auto status = read_server_status(R"({"stages":[{"name":"process","lag":null},{}]})");
  ASSERT_TRUE(status) << status.error().message;
  ASSERT_EQ(status->stages.size(), 2U);
  EXPECT_EQ(status->stages[0].lag, std::nullopt);
  EXPECT_EQ(status->stages[1].lag, std::nullopt);
  EXPECT_EQ(status->now, std::nullopt);
}

TEST(ServerStatus, NamesHowLongTheServerKeepsWhatItMakes) {
  const auto status = read_server_status(
      R"({"stages":[],"retention":{"metrics_1m":"14d","metrics_1d":"forever","x":7,"y":"soon"}})");
  ASSERT_TRUE(status) << status.error().message;
  const std::map<std::string, Milliseconds> expected = {{"metrics_1m", std::chrono::days(14)},
                                                        {"metrics_1d", Milliseconds::max()}};
  EXPECT_EQ(status->retention, expected);
  EXPECT_TRUE(read_server_status(R"({"stages":[]})")->retention.empty());
}

TEST(ServerStatus, RefusesTheAnswerOfSomethingElse) {
  for (const char* body : {"", "<html>", "[]", "7", R"({"stages":7})", R"({"ready":true})"}) {
    const auto status = read_server_status(body);
    ASSERT_FALSE(status) << body;
    EXPECT_EQ(status.error().code, ErrorCode::unavailable);
    EXPECT_THAT(status.error().message, testing::HasSubstr("is this a ByteBasket?"));
  }
}

}  // namespace
}  // namespace bytebasket::app
