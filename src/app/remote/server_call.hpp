// The way to a running ByteBasket: `--url`, with `--token` where it asks for one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::app {

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// `path?name=value&…`, with what has a meaning in an address percent-encoded.
std::string target_of(std::string_view path, const QueryParameters& parameters);
std::string percent_encode(std::string_view text);

struct ServerAddress {
  std::string url;  ///< `http://host:port`
  std::optional<std::string> token;
  Milliseconds patience{30'000};  ///< so long it may take to answer
};

/// The body of a 200. Any other answer is an error with the detail of its problem document:
/// `invalid_argument` for 400 and 413, `permission_denied` for 401 and 403, `not_found` for 404,
/// `conflict` for 409, else `unavailable`.
Result<std::string> get_from_server(const ServerAddress& server, const std::string& target);
Result<std::string> post_to_server(const ServerAddress& server, const std::string& target,
                                   std::string body);

}  // namespace bytebasket::app
