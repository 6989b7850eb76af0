// Who may send events, and from which pages.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/event.hpp"
#include "http/server.hpp"

namespace bytebasket::producers {

/// What a write key stands for. Browsers show their keys to everybody: a key says who sends, it is
/// no secret; still it is written down nowhere but in the configuration.
struct WriteKey {
  std::string name;                                ///< for people, and for dead letters
  events::Source source = events::Source::server;  ///< of events that do not say it themselves
};

using WriteKeys = std::map<std::string, WriteKey, std::less<>>;

/// The key in the request's Authorization header: the user name of Basic (its colon may be missing,
/// as some SDKs forget it) or the token of Bearer. nullopt where there is none.
std::optional<std::string> key_in_header(const http::Request& request);

/// Adds the CORS headers that let the page of the request's Origin read the answer; nothing where
/// there is no Origin or it is not among `origins` (`*` is any).
void allow_origin(http::Response& response, const http::Request& request,
                  const std::vector<std::string>& origins);

}  // namespace bytebasket::producers
