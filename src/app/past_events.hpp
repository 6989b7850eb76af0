// What can be read again of what was ever appended: the lake, where there is one, then the log's
// tail.
#pragma once

#include <memory>

#include "app/engines.hpp"
#include "base/result.hpp"
#include "streams/event_log.hpp"
#include "verification/history.hpp"

namespace bytebasket::app {

class PastEvents {
 public:
  /// `engines` must outlive it.
  static Result<std::unique_ptr<PastEvents>> open(const Engines& engines);

  [[nodiscard]] verification::History& history();

 private:
  explicit PastEvents(streams::EventLog& log) : log_(log) {}

  verification::LogHistory log_;
  std::unique_ptr<streams::EventLog> lake_log_;
  std::unique_ptr<verification::LogHistory> lake_;
  std::unique_ptr<verification::JoinedHistory> joined_;
};

}  // namespace bytebasket::app
