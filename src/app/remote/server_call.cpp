#include "app/remote/server_call.hpp"

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
    case 401:
    case 403:
      return ErrorCode::permission_denied;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return ErrorCode::conflict;
    default:
      return ErrorCode::unavailable;
  }
}

std::string detail_of(const http::ClientResponse& response) {
  const auto problem = nlohmann::json::parse(response.body, nullptr, false);
  if (problem.is_object() && problem.contains("detail") && problem["detail"].is_string())
    return problem["detail"].get<std::string>();
  return fmt::format("HTTP {}", response.status);
}

Result<std::string> call(const ServerAddress& server, std::string_view method,
                         const std::string& target, std::string body) {
  BB_ASSIGN_OR_RETURN(auto client, http::Client::create(server.url, server.patience));
  std::vector<std::pair<std::string, std::string>> headers;
  if (server.token) headers.emplace_back("authorization", "Bearer " + *server.token);
  if (method == "POST") headers.emplace_back("content-type", "application/json");
  BB_ASSIGN_OR_RETURN(auto response, client.send(method, target, headers, std::move(body)));
  if (response.status == 200) return std::move(response.body);
  return fail(code_of(response.status), detail_of(response));
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

Result<std::string> get_from_server(const ServerAddress& server, const std::string& target) {
  return call(server, "GET", target, "");
}

Result<std::string> post_to_server(const ServerAddress& server, const std::string& target,
                                   std::string body) {
  return call(server, "POST", target, std::move(body));
}

}  // namespace bytebasket::app
