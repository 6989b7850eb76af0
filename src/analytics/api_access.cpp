#include "analytics/api_access.hpp"

#include <algorithm>

#include "http/addresses.hpp"

namespace bytebasket::analytics {
namespace {

/// The token of `Authorization: Bearer …`; empty where there is none.
std::string_view bearer_token(const http::Request& request) {
  constexpr std::string_view scheme = "bearer ";
  std::string_view value = request.header("authorization");
  if (value.size() <= scheme.size()) return {};
  const bool is_bearer =
      std::equal(scheme.begin(), scheme.end(), value.begin(),
                 [](char wanted, char given) { return wanted == (given | 0x20); });
  if (!is_bearer) return {};
  value.remove_prefix(scheme.size());
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  return value;
}

/// Looks at every token, so that the time does not say which one was near.
bool is_one_of(const std::vector<std::string>& tokens, std::string_view given) {
  bool found = false;
  for (const std::string& token : tokens) found |= equal_in_constant_time(token, given);
  return found && !given.empty();
}

/// True where `origin` is the page's own server: what follows the scheme is the Host it asks.
bool is_same_origin(std::string_view origin, const http::Request& request) {
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && origin.substr(scheme + 3) == request.header("host");
}

/// A browser sends the name by which a page knows its server, also where that name's owner made it
/// mean 127.0.0.1: a page of anybody's would be of the same origin as ours.
std::optional<http::Response> refuse_strangers(const http::Request& request) {
  const std::string_view host = request.header("host");
  const std::string_view behind_proxy = http::forwarded_for(request);
  const bool near = behind_proxy.empty() || http::is_loopback_address(behind_proxy);
  if (near && (host.empty() || http::names_loopback(host))) return std::nullopt;
  return http::problem(
      403, "Only from this machine",
      "No tokens are configured, so this server answers only to this machine and by a name such as "
      "127.0.0.1 or localhost, not through a proxy. Set tokens.read and tokens.change to let "
      "others "
      "in.");
}

}  // namespace

bool ApiAccess::asks_for_tokens() const {
  return options_.beyond_loopback || !options_.read_tokens.empty() ||
         !options_.change_tokens.empty();
}

bool equal_in_constant_time(std::string_view secret, std::string_view given) {
  std::size_t difference = secret.size() ^ given.size();
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char expected = secret.empty() ? '\0' : secret[i % secret.size()];
    difference |= static_cast<unsigned char>(expected ^ given[i]);
  }
  return difference == 0;
}

std::optional<http::Response> ApiAccess::refuse(const http::Request& request, Access access) const {
  if (access == Access::anyone) return std::nullopt;
  // A page of another site could make a visitor's browser send this; browsers name that page in
  // Origin.
  const std::string_view origin = request.header("origin");
  if (access == Access::change && !origin.empty() && !is_same_origin(origin, request)) {
    return http::problem(403, "Not from this page",
                         "Changes are taken from pages of this server only.");
  }
  if (!asks_for_tokens()) return refuse_strangers(request);
  const std::string_view token = bearer_token(request);
  const bool may_change = is_one_of(options_.change_tokens, token);
  const bool may_read = is_one_of(options_.read_tokens, token) || may_change;
  if (!may_read) {
    auto response = http::problem(
        401, "A token is needed",
        "Send `Authorization: Bearer TOKEN` with a token of the settings tokens.read or "
        "tokens.change.");
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"bytebasket\"");
    return response;
  }
  if (access == Access::change && !may_change) {
    return http::problem(403, "This token may only read",
                         "Changing needs a token of the setting tokens.change.");
  }
  return std::nullopt;
}

bool ApiAccess::origin_may_read(std::string_view origin) const {
  return !origin.empty() &&
         std::ranges::any_of(options_.cors_origins, [origin](const std::string& allowed) {
           return allowed == "*" || allowed == origin;
         });
}

void ApiAccess::allow_origin(const http::Request& request, http::Response& response) const {
  if (options_.cors_origins.empty()) return;
  response.headers.emplace_back("Vary", "Origin");
  const std::string_view origin = request.header("origin");
  if (origin_may_read(origin))
    response.headers.emplace_back("Access-Control-Allow-Origin", std::string(origin));
}

http::Response ApiAccess::preflight(const http::Request& request) const {
  http::Response response;
  response.status = 204;
  response.content_type.clear();
  allow_origin(request, response);
  if (origin_may_read(request.header("origin"))) {
    response.headers.emplace_back("Access-Control-Allow-Methods", "GET, HEAD");
    response.headers.emplace_back("Access-Control-Allow-Headers", "authorization");
    response.headers.emplace_back("Access-Control-Max-Age", "600");
  }
  return response;
}

}  // namespace bytebasket::analytics
