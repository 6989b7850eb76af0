// What a running ByteBasket says of itself at `/api/v1/status`, as the command line reads it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::app {

struct ServerStage {
  std::string name;
  std::string state;
  std::string detail;
  std::optional<double> lag;  ///< empty where the server cannot tell: not the same as none
};

struct ServerStatus {
  std::vector<ServerStage> stages;
  std::optional<Timestamp> now;  ///< by the server's clock
  /// How long it keeps what it makes of events, by the settings below `retention`; empty where it
  /// does not say.
  std::map<std::string, Milliseconds> retention;
};

/// `unavailable` where the text is no such status: then something else than a ByteBasket answers.
Result<ServerStatus> read_server_status(std::string_view body);

}  // namespace bytebasket::app
