#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/doctor.hpp"
#include "base/time.hpp"
#include "http/client.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::json;

constexpr Milliseconds patience{5'000};

std::string text_of(const Json& object, const char* name) {
  return object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : "";
}

Finding look_at_readiness(const std::string& url, http::Client& client) {
  const auto answer = client.send("GET", "/readyz", {}, "");
  if (!answer) {
    return {"server", false,
            answer.error().message + "; start it with `bytebasket run`, or look at its messages"};
  }
  if (answer->status == 200) return {"server", true, url + " is ready"};
  const Json problem = Json::parse(answer->body, nullptr, false);
  const std::string reason = problem.is_object() ? text_of(problem, "detail") : "";
  return {"server", false,
          fmt::format("{} is not ready: {}", url,
                      reason.empty() ? fmt::format("HTTP {}", answer->status) : reason)};
}

void look_at_stages(const Json& status, Findings& findings) {
  if (!status.contains("stages")) return;
  for (const Json& stage : status["stages"]) {
    const std::string state = text_of(stage, "state");
    const std::string detail = text_of(stage, "detail");
    findings.push_back({"stage " + text_of(stage, "name"), state == "ok",
                        detail.empty() ? state : state + ": " + detail});
  }
}

}  // namespace

Findings look_at_server(const std::string& url, const std::optional<std::string>& token) {
  auto client = http::Client::create(url, patience);
  if (!client) return {{"server", false, client.error().message}};
  Findings findings = {look_at_readiness(url, *client)};
  std::vector<std::pair<std::string, std::string>> headers;
  if (token) headers.emplace_back("authorization", "Bearer " + *token);
  const auto answer = client->send("GET", "/api/v1/status", std::move(headers), "");
  if (!answer || answer->status == 401) return findings;
  const Json status = Json::parse(answer->body, nullptr, false);
  if (answer->status != 200 || !status.is_object()) {
    findings.push_back(
        {"status", false, fmt::format("/api/v1/status answers HTTP {}", answer->status)});
    return findings;
  }
  look_at_stages(status, findings);
  const auto now = parse_timestamp(text_of(status, "now"));
  findings.push_back(
      judge_clock("clock", now ? std::optional(*now) : std::nullopt, SystemClock().now()));
  return findings;
}

}  // namespace bytebasket::app
