#include "app/server_call.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "http/client.hpp"

namespace bytebasket::app {
namespace {

ErrorCode code_of(unsigned status) {
  switch (status) {
    case 400:
    case 413:
      return ErrorCode::invalid_argument;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return ErrorCode::conflict;
    default:
      return ErrorCode::unavailable;
  }
}

Result<std::string> call(const CommandContext& context, std::string_view method,
                         const std::string& target, std::string body) {
  BB_ASSIGN_OR_RETURN(auto client, http::Client::create(*context.url));
  std::vector<std::pair<std::string, std::string>> headers;
  if (context.token) headers.emplace_back("authorization", "Bearer " + *context.token);
  if (method == "POST") headers.emplace_back("content-type", "application/json");
  BB_ASSIGN_OR_RETURN(auto response,
                      client.send(method, target, std::move(headers), std::move(body)));
  if (response.status == 200) return std::move(response.body);
  const auto problem = nlohmann::json::parse(response.body, nullptr, false);
  std::string detail = "HTTP " + std::to_string(response.status);
  if (problem.is_object() && problem.contains("detail"))
    detail = problem["detail"].get<std::string>();
  return fail(code_of(response.status), std::move(detail));
}

}  // namespace

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~' || c == ',';
    if (plain) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::string target_of(std::string_view path, const QueryParameters& parameters) {
  std::string target(path);
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    target += separator + name + '=' + percent_encode(value);
    separator = '&';
  }
  return target;
}

Result<std::string> get_from_server(const CommandContext& context, const std::string& target) {
  return call(context, "GET", target, "");
}

Result<std::string> post_to_server(const CommandContext& context, const std::string& target,
                                   std::string body) {
  return call(context, "POST", target, std::move(body));
}

}  // namespace bytebasket::app
