// What can be read again of what was ever appended: the lake, where there is one, then the log's
// tail.
#pragma once

#include <memory>

#include "app/engines/engines.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "schema/settings.hpp"
#include "streams/event_log.hpp"
#include "verification/history.hpp"

namespace bytebasket::app {

class PastEvents {
 public:
  /// `engines` must outlive it.
  static Result<std::unique_ptr<PastEvents>> open(const Engines& engines);
  /// For a process whose log others read at the same time: a log that is read from one place at a
  /// time is opened once more.
  static Result<std::unique_ptr<PastEvents>> open_beside(const Engines& engines,
                                                         const schema::Settings& settings);

  [[nodiscard]] verification::History& history();

 private:
  explicit PastEvents(streams::EventLog& log) : log_(log) {}
  Status open_lake(const Engines& engines);

  std::unique_ptr<Counters> counters_;  ///< of `own_log_`
  std::unique_ptr<streams::EventLog> own_log_;
  verification::LogHistory log_;
  std::unique_ptr<streams::EventLog> lake_log_;
  std::unique_ptr<verification::LogHistory> lake_;
  std::unique_ptr<verification::JoinedHistory> joined_;
};

}  // namespace bytebasket::app
