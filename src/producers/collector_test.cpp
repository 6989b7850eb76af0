#include "producers/collector.hpp"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "producers/collector_fixture.hpp"
#include "producers/delivery/gzip.hpp"

namespace bytebasket::producers {
namespace {

using streams::Stream;
using testing::by_key;
using ::testing::HasSubstr;
using testing::Headers;
using ::testing::Not;
using testing::page;
using ::testing::SizeIs;

class CollectorTest : public testing::RunningCollector {};

TEST_F(CollectorTest, TakesEveryPathOfTheTrackingApi) {
  start();
  for (const char* path : {"/v1/identify", "/v1/i", "/v1/page", "/v1/p", "/v1/screen", "/v1/s",
                           "/v1/group", "/v1/g", "/v1/alias", "/v1/a"}) {
    const auto response = post(path, R"({"userId":"u"})");
    EXPECT_EQ(response.status, 200U) << path;
    EXPECT_EQ(response.body, R"({"success":true})");
  }
  for (const char* path : {"/v1/track", "/v1/t"}) {
    EXPECT_EQ(post(path, R"({"userId":"u","event":"Product Viewed"})").status, 200U) << path;
  }
  for (const char* path : {"/v1/batch", "/v1/b", "/v1/import"}) {
    EXPECT_EQ(post(path, R"({"batch":[{"type":"page","userId":"u"}]})").status, 200U) << path;
  }
  EXPECT_THAT(stored(Stream::user_activity), SizeIs(15));
  EXPECT_THAT(stored(Stream::user_activity)[2], HasSubstr(R"({"type":"page",)"));
  EXPECT_EQ(send("GET", "/v1/track", by_key, "").status, 405U);
  EXPECT_EQ(counters_.accepted.value(), 15U);
}

TEST_F(CollectorTest, TakesTheKeyInEveryPlaceWhereSdksPutIt) {
  start();
  EXPECT_EQ(post("/v1/page", page, {{"Authorization", "Basic " + encode_base64("k2:")}}).status,
            200U);
  EXPECT_EQ(post("/v1/page", page, {{"Authorization", "Basic " + encode_base64("k2")}}).status,
            200U);
  EXPECT_EQ(
      post("/v1/page", page, {{"Authorization", "basic " + encode_base64("k2:password")}}).status,
      200U);
  EXPECT_EQ(post("/v1/page", page, {{"Authorization", "Bearer k2"}}).status, 200U);
  EXPECT_EQ(post("/v1/page", R"({"writeKey":"k2","userId":"u"})", {}).status, 200U);
  EXPECT_EQ(
      post("/v1/batch", R"({"writeKey":"k2","batch":[{"type":"page","userId":"u"}]})", {}).status,
      200U);
  for (const std::string& event : stored(Stream::user_activity)) {
    EXPECT_THAT(event, HasSubstr(R"("source":"orders")"));
    EXPECT_THAT(event, Not(HasSubstr("k2")));
  }
}

TEST_F(CollectorTest, AnswersAMissingOrWrongKeyWith401) {
  start();
  EXPECT_EQ(post("/v1/page", page, {}).status, 401U);
  EXPECT_EQ(post("/v1/page", "no json", {}).status, 401U);
  EXPECT_EQ(post("/v1/page", page, {{"Authorization", "Bearer nobody"}}).status, 401U);
  EXPECT_EQ(post("/v1/page", page, {{"Authorization", "Basic %%%"}}).status, 401U);
  EXPECT_EQ(post("/v1/page", R"({"writeKey":"nobody","userId":"u"})", {}).status, 401U);
  EXPECT_EQ(send("GET", "/v1/projects/nobody/settings", {}, "").status, 401U);
  EXPECT_THAT(stored(Stream::user_activity), SizeIs(0));
}

TEST_F(CollectorTest, LetsTheBodyDecideAndNotItsContentType) {
  start();
  for (const char* type : {"application/json", "text/plain;charset=UTF-8",
                           "application/x-www-form-urlencoded", "image/png"}) {
    Headers headers = by_key;
    headers.emplace_back("Content-Type", type);
    EXPECT_EQ(post("/v1/page", page, headers).status, 200U) << type;
    EXPECT_EQ(post("/v1/page", delivery::gzip(page), headers).status, 200U) << type;
  }
  EXPECT_THAT(stored(Stream::user_activity), SizeIs(8));
}

TEST_F(CollectorTest, AnswersWhatIsNoJsonWith400) {
  start();
  for (const std::string& body :
       {std::string(), std::string("hello"), std::string("[]"), std::string(R"({"batch":[)"),
        delivery::gzip(page).substr(0, 20)}) {
    EXPECT_EQ(post("/v1/batch", body).status, 400U) << body;
  }
}

TEST_F(CollectorTest, AnswersWhatIsTooLargeWith413) {
  start({.max_batch_bytes = 100'000, .event_limits = {.max_items = 1000}});
  const std::string large = R"({"userId":"u","a":")" + std::string(40'000, 'x') + R"("})";
  EXPECT_EQ(post("/v1/page", large).status, 413U);
  const std::string batch = R"({"batch":[)" + large + "," + large + "," + large + "]}";
  EXPECT_EQ(post("/v1/batch", batch).status, 413U);
  EXPECT_EQ(post("/v1/batch", delivery::gzip(batch)).status, 413U);
  EXPECT_EQ(post("/v1/page", delivery::gzip(std::string(100 << 20, ' '))).status, 413U);
  std::string many = R"({"batch":[{})";
  for (int i = 0; i < 1000; ++i) many += ",{}";
  EXPECT_EQ(post("/v1/batch", delivery::gzip(many + "]}")).status, 413U);
  EXPECT_THAT(stored(Stream::user_activity_dlq), SizeIs(0));
}

TEST_F(CollectorTest, SendsABadItemToTheDeadLettersAndTakesItsNeighbours) {
  start();
  const auto response =
      post("/v1/batch", R"({"sentAt":"2026-11-22T10:00:00Z","batch":[{"type":"page","userId":"u"},
      {"type":"track","event":"Order Completed","userId":"u","properties":{"card_number":"4111111111111111"}},{"type":"page"}]})");
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(stored(Stream::user_activity), SizeIs(1));
  EXPECT_THAT(stored(Stream::transactions_dlq),
              ::testing::ElementsAre(HasSubstr("************1111")));
  EXPECT_THAT(stored(Stream::user_activity_dlq), ::testing::ElementsAre(R"({"type":"page"})"));
  const auto batch = log_.read({Stream::user_activity_dlq, PartitionId(0)}, Offset(0), {});
  EXPECT_EQ(
      batch->records()[0].detail,
      R"({"reason":"anonymousId or userId is needed","received_at":"2026-11-22T10:00:00.000Z","write_key":"Website",)"
      R"("source":"web","call":"batch","sent_at":"2026-11-22T10:00:00.000Z"})");
  EXPECT_EQ(counters_.refused.value(), 2U);
}

TEST_F(CollectorTest, WritesAnOrderAndItsMarkerBeforeItAnswers) {
  start();
  log_.hold = true;
  auto response = std::async(std::launch::async, [this] {
    return post(
        "/v1/track",
        R"({"event":"Order Completed","userId":"u","anonymousId":"a","properties":{"order_id":"o","revenue":5}})");
  });
  log_.arrived.get_future().wait();
  EXPECT_THAT(stored(Stream::transactions), SizeIs(1));
  EXPECT_THAT(stored(Stream::user_activity), ::testing::ElementsAre(HasSubstr("Order Marked")));
  EXPECT_EQ(response.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  EXPECT_EQ(counters_.in_flight.value(), 1);
  log_.held.at(0)();
  EXPECT_EQ(response.get().status, 200U);
  EXPECT_EQ(counters_.in_flight.value(), 0);
}

TEST_F(CollectorTest, AsksToComeLaterWhereTheLogTakesNoMore) {
  start();
  for (const ErrorCode code :
       {ErrorCode::resource_exhausted, ErrorCode::unavailable, ErrorCode::timed_out}) {
    log_.failure = Error{code, "the disk is full"};
    const auto response = post("/v1/page", page);
    EXPECT_EQ(response.status, 503U);
    EXPECT_THAT(response.headers, ::testing::Contains(::testing::Pair("retry-after", "1")));
    EXPECT_THAT(response.body, HasSubstr("the disk is full"));
  }
  log_.failure.reset();
  EXPECT_EQ(post("/v1/page", page).status, 200U);
  EXPECT_EQ(counters_.pushed_back.value(), 3U);
  EXPECT_EQ(counters_.accepted.value(), 1U);
}

TEST_F(CollectorTest, BoundsWhatIsOnItsWayToDisk) {
  start({.max_in_flight_bytes = 60});
  log_.hold = true;
  auto first = std::async(std::launch::async, [this] { return post("/v1/page", page); });
  log_.arrived.get_future().wait();
  const auto second = post("/v1/page", page);
  EXPECT_EQ(second.status, 503U);
  EXPECT_THAT(second.headers, ::testing::Contains(::testing::Key("retry-after")));
  log_.held.at(0)();
  EXPECT_EQ(first.get().status, 200U);
}

TEST_F(CollectorTest, LetsPagesOfAllowedOriginsSend) {
  start();
  const auto preflight =
      send("OPTIONS", "/v1/t",
           {{"Origin", "https://shop.example"}, {"Access-Control-Request-Method", "POST"}}, "");
  EXPECT_EQ(preflight.status, 204U);
  EXPECT_THAT(preflight.headers,
              ::testing::Contains(::testing::Pair("access-control-allow-origin", "*")));
  EXPECT_THAT(preflight.headers,
              ::testing::Contains(::testing::Pair("access-control-allow-headers",
                                                  "authorization, content-type, x-retry-count")));
  Headers headers = by_key;
  headers.emplace_back("Origin", "https://shop.example");
  EXPECT_THAT(post("/v1/page", page, headers).headers,
              ::testing::Contains(::testing::Pair("access-control-allow-origin", "*")));
  EXPECT_THAT(post("/v1/page", page, {{"Origin", "https://x"}}).headers,
              ::testing::Contains(::testing::Key("access-control-allow-origin")));
}

TEST_F(CollectorTest, NamesOnlyTheOriginsThatAreConfigured) {
  start({.cors_origins = {"https://shop.example"}});
  const auto good = send("OPTIONS", "/v1/t", {{"Origin", "https://shop.example"}}, "");
  EXPECT_THAT(good.headers, ::testing::Contains(::testing::Pair("access-control-allow-origin",
                                                                "https://shop.example")));
  EXPECT_THAT(good.headers, ::testing::Contains(::testing::Pair("vary", "Origin")));
  const auto bad = send("OPTIONS", "/v1/t", {{"Origin", "https://evil.example"}}, "");
  EXPECT_THAT(bad.headers, Not(::testing::Contains(::testing::Key("access-control-allow-origin"))));
}

TEST_F(CollectorTest, TellsSdksToSendEverythingHere) {
  start();
  const auto response =
      send("GET", "/v1/projects/k1/settings", {{"Origin", "https://shop.example"}}, "");
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.body, HasSubstr(R"("Segment.io":{"apiKey":"k1","apiHost":"127.0.0.1:)"));
  EXPECT_THAT(response.body, HasSubstr(R"("protocol":"http")"));
  EXPECT_THAT(response.headers, ::testing::Contains(::testing::Key("access-control-allow-origin")));
}

TEST_F(CollectorTest, TakesTheVisitorsAddressFromAProxyOnThisMachine) {
  start();
  post("/v1/page", page);
  Headers headers = by_key;
  headers.emplace_back("X-Forwarded-For", "203.0.113.9, 192.0.2.7");
  post("/v1/page", page, headers);
  EXPECT_THAT(stored(Stream::user_activity)[0], HasSubstr(R"("context":{"ip":"127.0.0.1"})"));
  EXPECT_THAT(stored(Stream::user_activity)[1], HasSubstr(R"("context":{"ip":"192.0.2.7"})"));
  // A proxy may add a header of its own behind the one that came.
  headers.emplace_back("X-Forwarded-For", "192.0.2.8");
  post("/v1/page", page, headers);
  EXPECT_THAT(stored(Stream::user_activity)[2], HasSubstr(R"("context":{"ip":"192.0.2.8"})"));
}

}  // namespace
}  // namespace bytebasket::producers
