#include "app/engines/past_events.hpp"

#include <utility>

#include "app/engines/kafka_engine.hpp"
#include "app/engines/lake.hpp"

namespace bytebasket::app {

Result<std::unique_ptr<PastEvents>> PastEvents::open(const Engines& engines) {
  std::unique_ptr<PastEvents> past(new PastEvents(*engines.log));
  BB_RETURN_IF_ERROR(past->open_lake(engines));
  return past;
}

Result<std::unique_ptr<PastEvents>> PastEvents::open_beside(const Engines& engines,
                                                            const schema::Settings& settings) {
  if (settings.streams.engine != "kafka") return open(engines);
  schema::Settings reading = settings;
  reading.kafka.spool_bytes = 0;
  reading.kafka.create_topics = false;
  std::unique_ptr<Counters> counters = std::make_unique<Counters>();
  BB_ASSIGN_OR_RETURN(auto log, open_kafka(reading, *counters));
  std::unique_ptr<PastEvents> past(new PastEvents(*log));
  past->counters_ = std::move(counters);
  past->own_log_ = std::move(log);
  BB_RETURN_IF_ERROR(past->open_lake(engines));
  return past;
}

Status PastEvents::open_lake(const Engines& engines) {
  if (engines.lake == nullptr) return ok();
  BB_ASSIGN_OR_RETURN(lake_log_, read_lake(*engines.lake));
  lake_ = std::make_unique<verification::LogHistory>(*lake_log_);
  joined_ = std::make_unique<verification::JoinedHistory>(*lake_, log_);
  return ok();
}

verification::History& PastEvents::history() {
  if (joined_) return *joined_;
  return log_;
}

}  // namespace bytebasket::app
