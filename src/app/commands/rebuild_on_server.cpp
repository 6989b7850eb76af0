#include "app/commands/rebuild_on_server.hpp"

#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/commands/progress.hpp"
#include "app/remote/server_call.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* path = "/api/v1/rebuild";
constexpr Milliseconds look_interval{250};

Result<Json> parsed(const Result<std::string>& answer) {
  if (!answer) return fail(answer.error());
  Json json = Json::parse(*answer, nullptr, false);
  if (json.is_object() && json.contains("state")) return json;
  return fail(ErrorCode::unavailable, "the answer says no state: is this a ByteBasket?");
}

}  // namespace

Status rebuild_on_server(const ServerAddress& server, const RebuildRequest& request) {
  const Json body = {{"redecide", request.redecide}, {"incomplete", request.incomplete}};
  BB_ASSIGN_OR_RETURN(Json progress, parsed(post_to_server(server, path, body.dump())));
  ProgressLine line;
  while (progress["state"] == "computing" || progress["state"] == "catching_up") {
    line.show(progress["state"] == "computing"
                  ? fmt::format("{} of {} records computed again",
                                progress.value("records", std::uint64_t{0}),
                                progress.value("of", std::uint64_t{0}))
                  : std::string("catching up"));
    std::this_thread::sleep_for(look_interval);
    BB_ASSIGN_OR_RETURN(progress, parsed(get_from_server(server, path)));
  }
  if (progress["state"] != "done") {
    return fail(ErrorCode::conflict,
                progress.value("reason", "the server knows of no rebuild: it was started again"));
  }
  std::cout << progress.value("records", std::uint64_t{0})
            << " records computed again; the new tables serve\n";
  return ok();
}

}  // namespace bytebasket::app
