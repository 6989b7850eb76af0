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

std::map<std::string, Milliseconds> retention_of(const Json& json) {
  std::map<std::string, Milliseconds> retention;
  const auto found = json.find("retention");
  if (found == json.end() || !found->is_object()) return retention;
  for (const auto& [name, text] : found->items()) {
    if (!text.is_string()) continue;
    if (const auto time = parse_duration(text.get<std::string>())) retention.emplace(name, *time);
  }
  return retention;
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
  status.retention = retention_of(json);
  return status;
}

}  // namespace bytebasket::app
