#include "app/remote/server_status.hpp"

#include <nlohmann/json.hpp>

namespace bytebasket::app {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

ServerStage stage_of(const Json& object) {
  const auto lag = object.find("lag");
  return {.name = text_of(object, "name"),
          .state = text_of(object, "state"),
          .detail = text_of(object, "detail"),
          .lag = lag != object.end() && lag->is_number() ? std::optional(lag->get<double>())
                                                         : std::nullopt};
}

}  // namespace

Result<ServerStatus> read_server_status(std::string_view body) {
  const Json json = Json::parse(body, nullptr, false);
  const bool is_status = json.is_object() && json.contains("stages") && json["stages"].is_array();
  if (!is_status) {
    return fail(ErrorCode::unavailable,
                "the answer of /api/v1/status names no stages: is this a ByteBasket?");
  }
  ServerStatus status;
  for (const Json& stage : json["stages"]) {
    if (stage.is_object()) status.stages.push_back(stage_of(stage));
  }
  if (const auto now = parse_timestamp(text_of(json, "now"))) status.now = *now;
  return status;
}

}  // namespace bytebasket::app
