#include <fmt/format.h>

#include "app/doctor/doctor.hpp"
#include "app/remote/server_call.hpp"
#include "app/remote/server_status.hpp"

namespace bytebasket::app {
namespace {

constexpr Milliseconds patience{5'000};

Finding look_at_readiness(const ServerAddress& server) {
  const auto answer = get_from_server(server, "/readyz");
  if (answer) return {"server", true, server.url + " is ready"};
  return {"server", false,
          fmt::format("{} is not ready: {}; does it run (`bytebasket run`)? Its messages say more",
                      server.url, answer.error().message)};
}

void judge_status(const ServerStatus& status, Findings& findings) {
  for (const ServerStage& stage : status.stages) {
    findings.push_back({"stage " + stage.name, stage.state == "ok",
                        stage.detail.empty() ? stage.state : stage.state + ": " + stage.detail});
  }
  findings.push_back(judge_clock("clock", status.now, SystemClock().now()));
}

}  // namespace

Findings look_at_server(const std::string& url, const std::optional<std::string>& token) {
  const ServerAddress server{.url = url, .token = token, .patience = patience};
  Findings findings = {look_at_readiness(server)};
  const auto answer = get_from_server(server, "/api/v1/status");
  if (!answer) {
    // Who has no token learns whether it is ready, which is said; so is that nothing answers.
    if (answer.error().code == ErrorCode::permission_denied) {
      findings.push_back(
          token ? Finding{"token", false, "is none of this server's tokens.read or tokens.change"}
                : Finding{"stages", true, "not looked at: they want a token, by --token"});
    } else if (findings[0].well) {
      findings.push_back({"status", false, answer.error().message});
    }
    return findings;
  }
  const auto status = read_server_status(*answer);
  if (status) {
    judge_status(*status, findings);
  } else {
    findings.push_back({"status", false, status.error().message});
  }
  return findings;
}

}  // namespace bytebasket::app
