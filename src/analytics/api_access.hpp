// Who may ask the API, and whose pages may.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"

namespace bytebasket::analytics {

/// What a route asks of who calls it.
enum class Access : std::uint8_t {
  anyone,  ///< health, documentation and the dashboard's files: nothing of the shop
  read,
  change,
};

struct AccessOptions {
  bool beyond_loopback =
      false;  ///< then tokens are required even where none is configured: nobody comes in
  std::vector<std::string> read_tokens;
  std::vector<std::string> change_tokens;  ///< may read too
  std::vector<std::string> cors_origins;   ///< whose pages may read; "*" is any
};

/// Checks requests. Immutable, so thread-safe.
class ApiAccess {
 public:
  explicit ApiAccess(AccessOptions options) : options_(std::move(options)) {}

  /// The answer to a request that may not do this: 401 without a known token, 403 with one that may
  /// not, or from a page that may not change; nullopt where it may. Where no token is asked for,
  /// only this machine's own programs and pages may: 403 for a request that names another host than
  /// loopback (a page whose name was given this address) or comes through a proxy.
  [[nodiscard]] std::optional<http::Response> refuse(const http::Request& request,
                                                     Access access) const;

  /// Lets the page that asks see the answer, where its origin may read.
  void allow_origin(const http::Request& request, http::Response& response) const;

  /// The answer to a browser's question before it asks (OPTIONS). Changes are for pages of this
  /// server only.
  [[nodiscard]] http::Response preflight(const http::Request& request) const;

 private:
  [[nodiscard]] bool origin_may_read(std::string_view origin) const;
  [[nodiscard]] bool asks_for_tokens() const;

  AccessOptions options_;
};

/// Compares in a time that tells nothing of where two texts differ.
bool equal_in_constant_time(std::string_view secret, std::string_view given);

}  // namespace bytebasket::analytics
