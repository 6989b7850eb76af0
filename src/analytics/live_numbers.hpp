// The numbers of a live update that come from the tables.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <utility>

#include "analytics/metric_query.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::analytics {

struct LiveNumbers {
  std::int64_t visitors_now = 0;  ///< distinct visitors in the minutes of the last `visitors.now`
  std::int64_t orders_last_minute =
      0;  ///< orders of now that came to be counted in the last 60 seconds
};

/// Reads them once a second. Not thread-safe: for the thread that ticks.
class LiveNumbersReader {
 public:
  /// Answers a question to a metric, as MetricReader does.
  using Ask = std::function<Result<MetricAnswer>(const MetricQuery& query, Timestamp now)>;

  LiveNumbersReader(Ask ask, Milliseconds visitors_now)
      : ask_(std::move(ask)), visitors_now_(visitors_now) {}

  Result<LiveNumbers> read(Timestamp now);

 private:
  [[nodiscard]] Result<std::int64_t> visitors(Timestamp now) const;
  Status count_new_orders(Timestamp now);

  Ask ask_;
  Milliseconds visitors_now_;
  std::map<Timestamp, std::int64_t> orders_by_minute_;  ///< as they stood at the last reading
  std::deque<std::pair<Timestamp, std::int64_t>>
      arrivals_;  ///< orders new at each reading of the last minute
  Timestamp last_reading_;
};

}  // namespace bytebasket::analytics
