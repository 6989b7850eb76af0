// What the tests of the API share: one that runs, and how it is asked.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "analytics/api.hpp"
#include "http/client.hpp"

namespace bytebasket::analytics::testing {

using Headers = std::vector<std::pair<std::string, std::string>>;

inline std::string header(const http::ClientResponse& response, std::string_view name) {
  const auto found = std::ranges::find(
      response.headers, name, [](const auto& entry) { return std::string_view(entry.first); });
  return found == response.headers.end() ? "" : found->second;
}

inline constexpr Asset script = {.path = "/assets/index-abcd1234.js",
                                 .content_type = "text/javascript; charset=utf-8",
                                 .bytes = "let a = 1;",
                                 .gzip = "not really gzip",
                                 .etag = "\"1234\"",
                                 .has_hashed_name = true};
inline constexpr std::array<Asset, 1> assets = {script};

/// An API on a free port whose questions answer with what they were asked.
class RunningApi : public ::testing::Test {
 protected:
  RunningApi() {
    const Question echo = [](const http::Request& request) -> Result<std::string> {
      nlohmann::json answer = {
          {"path", request.path}, {"parameters", request.parameters}, {"query", request.query}};
      return answer.dump();
    };
    questions_ = {echo, echo, echo, echo, echo, echo, echo, echo, echo};
    const Command repeat = [](std::string body, std::function<void(Result<std::string>)> done) {
      std::thread([body = std::move(body), done = std::move(done)] {
        done(R"({"got":)" + body + "}");
      }).detach();
    };
    commands_ = {repeat, repeat, repeat, repeat};
    options_.program.version = "1.2.3";
    options_.assets = assets;
  }
  ~RunningApi() override { stop(); }

  void start() {
    api_ = std::make_unique<Api>(
        options_, questions_, commands_, [](Timestamp) { return LiveNumbers(); }, monitor_,
        counters_, clock_);
    server_ = std::make_unique<http::Server>(http::ServerOptions{});
    api_->add_health_routes(*server_);
    api_->add_answer_routes(*server_);
    const Status started = server_->start();
    ASSERT_TRUE(started) << started.error().message;
  }
  void stop() {
    if (server_) server_->stop();
    if (api_) api_->stop();
  }

  http::ClientResponse send(std::string_view method, std::string_view target,
                            const Headers& headers = {}, std::string body = "") {
    auto client = http::Client::create("http://127.0.0.1:" + std::to_string(server_->port()));
    EXPECT_TRUE(client);
    auto response = client->send(method, target, headers, std::move(body));
    if (!response) {
      ADD_FAILURE() << response.error().message;
      return {};
    }
    return std::move(*response);
  }
  http::ClientResponse get(std::string_view target, const Headers& headers = {}) {
    return send("GET", target, headers);
  }

  ApiOptions options_;
  ApiQuestions questions_;
  ApiCommands commands_;
  Counters counters_;
  StageMonitor monitor_{counters_};
  ManualClock clock_{*parse_timestamp("2026-11-22T10:00:00Z")};
  std::unique_ptr<Api> api_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace bytebasket::analytics::testing
