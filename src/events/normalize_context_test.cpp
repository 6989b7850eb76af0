// Where an event came from: its source, and what its context says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/normalize_fixture.hpp"

namespace bytebasket::events {
namespace {

using testing::at;
using testing::canonical;
using ::testing::HasSubstr;
using testing::normalize_body;
using ::testing::Not;
using testing::received;

TEST(NormalizeSource, IsWhatTheEventSaysThenItsLibraryThenTheKeys) {
  const auto source = [](std::string_view members, Source by_key) {
    const std::string json = canonical(
        R"({"type":"page","userId":"u")" + std::string(members) + "}", {.default_source = by_key});
    const std::size_t begin = json.find("\"source\":\"") + 10;
    return json.substr(begin, json.find('"', begin) - begin);
  };
  EXPECT_EQ(
      source(R"(,"source":"cart","context":{"library":{"name":"analytics.js"}})", Source::orders),
      "cart");
  EXPECT_EQ(source(R"(,"context":{"source":"mobile"})", Source::orders), "mobile");
  EXPECT_EQ(source(R"(,"context":{"library":{"name":"analytics.js"}})", Source::orders), "web");
  EXPECT_EQ(source(R"(,"context":{"library":{"name":"analytics-ios"}})", Source::orders), "mobile");
  EXPECT_EQ(source(R"(,"context":{"library":{"name":"@segment/analytics-node"}})", Source::orders),
            "orders");
  EXPECT_EQ(source(R"(,"source":"moon")", Source::orders), "orders");
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","source":"moon"})"),
              HasSubstr(R"("originalSource":"moon")"));
}

TEST(NormalizeContext, TellsCountryDeviceAndCampaign) {
  const std::string json =
      canonical(R"x({"type":"page","userId":"u","context":{"location":{"country_code":"at"},
      "locale":"de-DE","userAgent":"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile/15E148","campaign":{"name":"spring"}}})x");
  EXPECT_THAT(json, HasSubstr(R"("country":"AT","device":"mobile","campaign":"spring")"));
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","context":{"device":{"type":"android"}}})"),
              HasSubstr(R"("device":"mobile")"));
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","context":{"location":{"country":"FR"}}})"),
              HasSubstr(R"("country":"FR")"));
}

TEST(NormalizeContext, OfABatchFillsWhatTheItemLacks) {
  Envelope envelope;
  envelope.received_at = received;
  const auto items = normalize_body(
      R"({"context":{"ip":"192.0.2.1","app":{"name":"shop"}},"batch":[{"type":"page","userId":"u","context":{"ip":"192.0.2.2"}},
      {"type":"page","userId":"u"}]})",
      envelope);
  ASSERT_TRUE(items);
  EXPECT_THAT(items->at(0).events.at(0).json,
              HasSubstr(R"("context":{"ip":"192.0.2.2","app":{"name":"shop"}})"));
  EXPECT_THAT(items->at(1).events.at(0).json,
              HasSubstr(R"("context":{"ip":"192.0.2.1","app":{"name":"shop"}})"));
}

TEST(NormalizeContext, GetsTheRemoteAddressOfABrowserButNotOfAServer) {
  EXPECT_THAT(
      canonical(R"({"type":"page","userId":"u","source":"web"})", {.remote_address = "192.0.2.9"}),
      HasSubstr(R"("context":{"ip":"192.0.2.9"})"));
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","source":"web","context":{"a":1}})",
                        {.remote_address = "192.0.2.9"}),
              HasSubstr(R"("context":{"a":1,"ip":"192.0.2.9"})"));
  EXPECT_THAT(canonical(R"({"type":"page","userId":"u","source":"orders"})",
                        {.remote_address = "192.0.2.9"}),
              Not(HasSubstr("192.0.2.9")));
}

}  // namespace
}  // namespace bytebasket::events
