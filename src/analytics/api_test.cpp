#include "analytics/api.hpp"

#include <algorithm>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "analytics/api_fixture.hpp"
#include "schema/openapi.hpp"

namespace bytebasket::analytics {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::header;
using testing::Headers;
using ::testing::Not;

class ApiTest : public testing::RunningApi {};

TEST_F(ApiTest, EveryPathOfTheOpenApiDocumentIsServed) {
  start();
  monitor_.open();
  const json document = json::parse(schema::openapi_json());
  for (const auto& [path, operations] : document.at("paths").items()) {
    if (path == "/api/v1/live") continue;  // its answer has no end
    std::string target = path;
    if (const auto brace = target.find('{'); brace != std::string::npos)
      target.replace(brace, std::string::npos, "x%2Fy");
    for (const auto& [method, operation] : operations.items()) {
      std::string upper = method;
      std::ranges::transform(upper, upper.begin(),
                             [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      const auto response =
          send(upper, target, {{"content-type", "application/json"}}, upper == "POST" ? "{}" : "");
      EXPECT_EQ(response.status, 200U) << method << " " << path << " " << response.body;
    }
  }
}

TEST_F(ApiTest, AQuestionSeesItsPathAndParameters) {
  start();
  const json answer = json::parse(get("/api/v1/metrics/revenue?by=category&from=2026-11-22").body);
  EXPECT_EQ(answer["parameters"]["name"], "revenue");
  EXPECT_EQ(answer["query"], json::parse(R"([["by","category"],["from","2026-11-22"]])"));
}

TEST_F(ApiTest, AnErrorIsAProblemDocumentWithTheStatusOfItsKind) {
  const std::vector<std::pair<ErrorCode, unsigned>> kinds = {
      {ErrorCode::invalid_argument, 400}, {ErrorCode::not_found, 404},
      {ErrorCode::conflict, 409},         {ErrorCode::internal, 500},
      {ErrorCode::unavailable, 503},      {ErrorCode::timed_out, 504}};
  auto code = std::make_shared<ErrorCode>();
  questions_.carts = [code](const http::Request&) -> Result<std::string> {
    return fail(*code, "say it so");
  };
  start();
  for (const auto& [kind, status] : kinds) {
    *code = kind;
    const auto response = get("/api/v1/carts");
    EXPECT_EQ(response.status, status);
    EXPECT_THAT(header(response, "content-type"), HasSubstr("application/problem+json"));
    const json problem = json::parse(response.body);
    EXPECT_EQ(problem["status"], status);
    EXPECT_EQ(problem["detail"], "say it so");
  }
}

TEST_F(ApiTest, AQuestionThatThrowsCostsItsAnswerAndNothingElse) {
  options_.threads = 1;
  questions_.carts = [](const http::Request& request) -> Result<std::string> {
    if (request.query.empty()) throw std::runtime_error("a mistake");
    return "{}";
  };
  start();
  EXPECT_EQ(get("/api/v1/carts").status, 500U);
  EXPECT_EQ(get("/api/v1/carts?limit=1").status, 200U);
}

TEST_F(ApiTest, StatusAnswersAndRefusesUnknownParameters) {
  start();
  EXPECT_EQ(json::parse(get("/api/v1/status").body)["version"], "1.2.3");
  const auto refused = get("/api/v1/status?verbose=1");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_THAT(refused.body, HasSubstr("unknown parameter 'verbose'; known: none"));
}

TEST_F(ApiTest, IsReadyOnceEventsAreAcceptedAndSaysWhyItIsNot) {
  start();
  EXPECT_EQ(get("/livez").status, 200U);
  const auto starting = get("/readyz");
  EXPECT_EQ(starting.status, 503U);
  EXPECT_THAT(starting.body, HasSubstr("starting"));
  monitor_.open();
  EXPECT_EQ(get("/readyz").status, 200U);
  counters_.log.trouble.set("the disk is full");
  EXPECT_THAT(get("/readyz").body, HasSubstr("log: the disk is full"));
}

TEST_F(ApiTest, WhenTooManyQueriesWaitTheNextIsToldToComeBack) {
  options_.threads = 1;
  options_.queue = 1;
  std::promise<void> entered;
  std::promise<void> release;
  questions_.carts = [&, released = release.get_future().share()](
                         const http::Request& request) -> Result<std::string> {
    if (request.query.empty()) {
      entered.set_value();
      released.wait();
    }
    return "{}";
  };
  start();
  auto running = std::async(std::launch::async, [this] { return get("/api/v1/carts").status; });
  entered.get_future().wait();
  auto waiting =
      std::async(std::launch::async, [this] { return get("/api/v1/carts?limit=1").status; });
  while (counters_.api.waiting.value() < 1) std::this_thread::yield();
  const auto refused = get("/api/v1/carts?limit=2");
  EXPECT_EQ(refused.status, 503U);
  EXPECT_EQ(header(refused, "retry-after"), "1");
  EXPECT_EQ(get("/api/v1/status").status, 200U) << "status does not wait for queries";
  release.set_value();
  EXPECT_EQ(running.get(), 200U);
  EXPECT_EQ(waiting.get(), 200U);
  EXPECT_EQ(counters_.api.refused.value(), 1U);
}

TEST_F(ApiTest, BeyondLoopbackReadingAndChangingNeedTheirTokens) {
  options_.access = {
      .beyond_loopback = true, .read_tokens = {"r"}, .change_tokens = {"c"}, .cors_origins = {}};
  start();
  EXPECT_EQ(get("/api/v1/carts").status, 401U);
  EXPECT_EQ(get("/metrics").status, 401U);
  EXPECT_EQ(get("/api/v1/live").status, 401U);
  EXPECT_EQ(get("/livez").status, 200U);
  EXPECT_EQ(get("/docs").status, 200U);
  EXPECT_EQ(get("/api/v1/carts", {{"Authorization", "Bearer r"}}).status, 200U);
  const Headers json_type = {{"Content-Type", "application/json"}};
  Headers reading = json_type;
  reading.emplace_back("Authorization", "Bearer r");
  EXPECT_EQ(send("POST", "/api/v1/fraud/labels", reading, "{}").status, 403U);
  Headers changing = json_type;
  changing.emplace_back("Authorization", "Bearer c");
  EXPECT_EQ(send("POST", "/api/v1/fraud/labels", changing, "{}").status, 200U);
}

TEST_F(ApiTest, AChangeIsAnsweredWhenItIsDone) {
  start();
  const auto response =
      send("POST", "/api/v1/fraud/score", {{"Content-Type", "application/json"}}, R"({"value":1})");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.body, R"({"got":{"value":1}})");
}

TEST_F(ApiTest, AChangeTakesJsonOfThisServersPagesOnly) {
  start();
  EXPECT_EQ(send("POST", "/api/v1/fraud/labels", {{"Content-Type", "text/plain"}}, "{}").status,
            415U);
  const Headers foreign = {{"Content-Type", "application/json"},
                           {"Origin", "https://evil.example"}};
  EXPECT_EQ(send("POST", "/api/v1/fraud/labels", foreign, "{}").status, 403U);
  const std::string large(64 * 1024 + 1, ' ');
  EXPECT_EQ(
      send("POST", "/api/v1/fraud/labels", {{"Content-Type", "application/json"}}, large).status,
      413U);
}

TEST_F(ApiTest, APageOfAnAllowedOriginMayReadAndAsksFirst) {
  options_.access.cors_origins = {"https://shop.example"};
  start();
  EXPECT_EQ(header(get("/api/v1/carts", {{"Origin", "https://shop.example"}}),
                   "access-control-allow-origin"),
            "https://shop.example");
  EXPECT_EQ(header(get("/api/v1/carts", {{"Origin", "https://other.example"}}),
                   "access-control-allow-origin"),
            "");
  const auto preflight = send("OPTIONS", "/api/v1/carts", {{"Origin", "https://shop.example"}});
  EXPECT_EQ(preflight.status, 204U);
  EXPECT_EQ(header(preflight, "access-control-allow-headers"), "authorization");
}

TEST_F(ApiTest, RequestsAreCountedByRouteNotByPath) {
  start();
  get("/api/v1/metrics/a");
  get("/api/v1/metrics/b");
  get("/nothing/here");
  const std::string text = get("/metrics").body;
  EXPECT_THAT(text, HasSubstr("bytebasket_http_requests_total{method=\"GET\",route=\"/api/v1/"
                              "metrics/{name}\",status=\"2xx\"} 2"));
  EXPECT_THAT(text, Not(HasSubstr("nothing")));
}

}  // namespace
}  // namespace bytebasket::analytics
