#include "app/past_events.hpp"

#include "app/lake.hpp"

namespace bytebasket::app {

Result<std::unique_ptr<PastEvents>> PastEvents::open(const Engines& engines) {
  std::unique_ptr<PastEvents> past(new PastEvents(*engines.log));
  if (engines.lake == nullptr) return past;
  BB_ASSIGN_OR_RETURN(past->lake_log_, read_lake(*engines.lake));
  past->lake_ = std::make_unique<verification::LogHistory>(*past->lake_log_);
  past->joined_ = std::make_unique<verification::JoinedHistory>(*past->lake_, past->log_);
  return past;
}

verification::History& PastEvents::history() {
  if (joined_) return *joined_;
  return log_;
}

}  // namespace bytebasket::app
