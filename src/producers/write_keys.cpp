#include "producers/write_keys.hpp"

#include <algorithm>

#include "base/base64.hpp"

namespace bytebasket::producers {
namespace {

/// What follows `scheme` and a space; any case.
std::optional<std::string_view> after_scheme(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return std::nullopt;
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    if ((header[i] | 0x20) != scheme[i]) return std::nullopt;
  }
  header.remove_prefix(scheme.size());
  while (header.starts_with(' ')) header.remove_prefix(1);
  return header;
}

}  // namespace

std::optional<std::string> key_in_header(const http::Request& request) {
  const std::string_view header = request.header("authorization");
  std::string key;
  if (const auto credentials = after_scheme(header, "basic")) {
    const auto user = decode_base64(*credentials);
    if (!user) return std::string();
    key = user->substr(0, user->find(':'));
  } else if (const auto token = after_scheme(header, "bearer")) {
    key = *token;
  }
  return key.empty() ? std::nullopt : std::optional(std::move(key));
}

void allow_origin(http::Response& response, const http::Request& request,
                  const std::vector<std::string>& origins) {
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return;
  const bool any = std::find(origins.begin(), origins.end(), "*") != origins.end();
  if (!any && std::find(origins.begin(), origins.end(), origin) == origins.end()) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", any ? "*" : std::string(origin));
  if (!any) response.headers.emplace_back("Vary", "Origin");
}

}  // namespace bytebasket::producers
