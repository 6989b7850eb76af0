// Live updates: one event a second to every page that follows, `GET /api/v1/live`.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "analytics/live_numbers.hpp"
#include "analytics/stages.hpp"
#include "base/counters.hpp"
#include "base/time.hpp"
#include "http/server.hpp"

namespace bytebasket::analytics {

/// Ticks once a second: samples the stages, reads the numbers if somebody follows, and sends the
/// event `tick`
/// {"time","visitors_now","events_per_second","orders_last_minute","stages":[…]}. Followers are
/// bounded in number, and one that is too slow is let go. Thread-safe; stop() before the monitor or
/// the tables go.
class LiveUpdates {
 public:
  using Numbers = std::function<Result<LiveNumbers>(Timestamp now)>;

  LiveUpdates(StageMonitor& monitor, Numbers numbers, Counters& counters, const Clock& clock,
              std::size_t max_clients);
  ~LiveUpdates();
  LiveUpdates(const LiveUpdates&) = delete;
  LiveUpdates& operator=(const LiveUpdates&) = delete;

  /// Answers with the stream of ticks, beginning with the last one; 503 when too many follow.
  void follow(http::Responder responder);

  void start();
  void stop();
  /// What the thread does each second; for tests, without start().
  void tick();

 private:
  void run();
  [[nodiscard]] std::string tick_json(Timestamp now);

  StageMonitor& monitor_;
  Numbers numbers_;
  Counters& counters_;
  const Clock& clock_;
  const std::size_t max_clients_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool numbers_failing_ =
      false;  ///< of the ticking thread: a failure is said once, not each second
  std::string last_tick_;
  std::vector<std::shared_ptr<http::EventStream>> clients_;
  std::thread thread_;
};

}  // namespace bytebasket::analytics
