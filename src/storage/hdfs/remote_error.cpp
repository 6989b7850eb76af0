#include "storage/hdfs/remote_error.hpp"

#include <array>
#include <string>

#include <nlohmann/json.hpp>

namespace bytebasket::storage {
namespace {

struct Known {
  std::string_view exception;
  ErrorCode code;
  bool another;
};

constexpr std::array<Known, 11> known_exceptions = {{
    {"FileNotFoundException", ErrorCode::not_found, false},
    {"FileAlreadyExistsException", ErrorCode::already_exists, false},
    {"AccessControlException", ErrorCode::permission_denied, false},
    {"AuthorizationException", ErrorCode::permission_denied, false},
    {"SecurityException", ErrorCode::permission_denied, false},
    {"NSQuotaExceededException", ErrorCode::resource_exhausted, false},
    {"DSQuotaExceededException", ErrorCode::resource_exhausted, false},
    // A standby, one that has just started, and one without DataNodes.
    {"StandbyException", ErrorCode::unavailable, true},
    {"RetriableException", ErrorCode::unavailable, true},
    {"SafeModeException", ErrorCode::unavailable, true},
    {"NoRouteToHostException", ErrorCode::unavailable, true},
}};

ErrorCode code_of(long status) {
  if (status == 401) return ErrorCode::permission_denied;
  if (status == 404) return ErrorCode::not_found;
  if (status == 400) return ErrorCode::invalid_argument;
  return ErrorCode::unavailable;
}

}  // namespace

RemoteError remote_error(long status, std::string_view body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  std::string exception;
  std::string message;
  if (json.is_object() && json.contains("RemoteException") && json["RemoteException"].is_object()) {
    exception = json["RemoteException"].value("exception", "");
    message = json["RemoteException"].value("message", "");
    message = message.substr(0, message.find('\n'));
  }
  const std::string text = exception.empty() ? "HTTP status " + std::to_string(status)
                                             : exception + (message.empty() ? "" : ": " + message);
  for (const Known& known : known_exceptions) {
    if (known.exception == exception) return {{known.code, text}, known.another};
  }
  const ErrorCode code = code_of(status);
  // Other exceptions come as 403: what is wrong there is not mended by asking again at once.
  return {{code, text}, status >= 500};
}

}  // namespace bytebasket::storage
