// Dead letters read, mended and sent again, asked for and answered in JSON: the HTTP API and the
// command line take the same way.
#pragma once

#include <span>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "events/normalize.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::app {

/// Thread-safe as the log is.
class DeadLetterDesk {
 public:
  DeadLetterDesk(streams::EventLog& log, events::EventLimits limits) : log_(log), limits_(limits) {}

  /// GET /api/v1/dead-letters: `{"letters": [{offset, received_at, reason, payload, …}], "next"}`.
  /// A payload that is no text stands as `payload_base64`.
  Result<std::string> list(std::span<const std::pair<std::string, std::string>> parameters);

  /// POST /api/v1/dead-letters/resend, with `{"stream", "offset", "payload"}` for one (the payload
  /// where it is mended) or `{"stream", "all": true, "from", "limit"}`: `{"sent", "refused",
  /// "next"}`. `conflict` with the reason where the one is refused again.
  Result<std::string> resend(const std::string& body);

 private:
  streams::EventLog& log_;
  const events::EventLimits limits_;
};

}  // namespace bytebasket::app
