#include "analytics/live_numbers.hpp"

#include <charconv>

namespace bytebasket::analytics {
namespace {

constexpr Milliseconds minute{60'000};
constexpr Milliseconds longest_pause{
    5'000};                       ///< after it, what came meanwhile is not of the last minute
constexpr int order_minutes = 3;  ///< windows watched: orders for older ones are not of now

Result<std::int64_t> integer(const std::string& value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) {
    return fail(ErrorCode::internal, "the value '" + value + "' of a count is not an integer");
  }
  return number;
}

}  // namespace

Result<LiveNumbers> LiveNumbersReader::read(Timestamp now) {
  LiveNumbers numbers;
  BB_ASSIGN_OR_RETURN(numbers.visitors_now, visitors(now));
  BB_RETURN_IF_ERROR(count_new_orders(now));
  for (const auto& [time, orders] : arrivals_) numbers.orders_last_minute += orders;
  return numbers;
}

Result<std::int64_t> LiveNumbersReader::visitors(Timestamp now) const {
  MetricQuery query;
  query.metric = "visitors";
  query.grain = metrics::Grain::minute;
  query.from = floor_to(now - visitors_now_, minute);
  query.to = now + minute;
  query.total = true;
  BB_ASSIGN_OR_RETURN(const MetricAnswer answer, ask_(query, now));
  if (answer.rows.empty()) return 0;
  return integer(answer.rows.front().value);
}

/// What the windows of now have gained since the last reading has just arrived; a first reading
/// only takes note.
Status LiveNumbersReader::count_new_orders(Timestamp now) {
  MetricQuery query;
  query.metric = "orders";
  query.grain = metrics::Grain::minute;
  query.from = floor_to(now, minute) - (order_minutes - 1) * minute;
  query.to = now + minute;
  BB_ASSIGN_OR_RETURN(const MetricAnswer answer, ask_(query, now));
  std::map<Timestamp, std::int64_t> orders;
  for (const MetricRow& row : answer.rows) {
    BB_ASSIGN_OR_RETURN(orders[row.time], integer(row.value));
  }
  std::int64_t arrived = 0;
  for (const auto& [window, count] : orders) {
    const auto before = orders_by_minute_.find(window);
    const std::int64_t gained = count - (before == orders_by_minute_.end() ? 0 : before->second);
    if (gained > 0) arrived += gained;
  }
  if (now - last_reading_ > longest_pause) {
    arrivals_.clear();
    arrived = 0;
  }
  arrivals_.emplace_back(now, arrived);
  while (arrivals_.front().first <= now - minute) arrivals_.pop_front();
  orders_by_minute_ = std::move(orders);
  last_reading_ = now;
  return ok();
}

}  // namespace bytebasket::analytics
