#include "analytics/live.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/log.hpp"

namespace bytebasket::analytics {
namespace {

constexpr std::chrono::seconds interval{1};
constexpr std::string_view event_name = "tick";

}  // namespace

LiveUpdates::LiveUpdates(StageMonitor& monitor, Numbers numbers, Counters& counters,
                         const Clock& clock, std::size_t max_clients)
    : monitor_(monitor),
      numbers_(std::move(numbers)),
      counters_(counters),
      clock_(clock),
      max_clients_(max_clients) {}

LiveUpdates::~LiveUpdates() { stop(); }

void LiveUpdates::follow(http::Responder responder) {
  const std::lock_guard lock(mutex_);
  std::erase_if(clients_, [](const auto& client) { return !client->open(); });
  if (stopping_ || clients_.size() >= max_clients_) {
    auto response = http::problem(
        503, "Too many pages follow live updates",
        "At most " + std::to_string(max_clients_) + " may (setting api.live_clients).");
    response.headers.emplace_back("Retry-After", "10");
    std::move(responder).respond(std::move(response));
    return;
  }
  auto stream = std::move(responder).stream();
  if (!last_tick_.empty() && !stream->send(event_name, last_tick_)) return;
  clients_.push_back(std::move(stream));
  counters_.api.live_clients.set(static_cast<std::int64_t>(clients_.size()));
}

void LiveUpdates::start() {
  thread_ = std::thread([this] { run(); });
}

void LiveUpdates::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    clients_.clear();
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LiveUpdates::run() {
  auto next = std::chrono::steady_clock::now();
  for (;;) {
    tick();
    next = std::max(next + interval, std::chrono::steady_clock::now());
    std::unique_lock lock(mutex_);
    if (wake_.wait_until(lock, next, [this] { return stopping_; })) return;
  }
}

void LiveUpdates::tick() {
  const Timestamp now = clock_.now();
  monitor_.sample(now);
  {
    const std::lock_guard lock(mutex_);
    last_tick_.clear();
    if (clients_.empty()) return;
  }
  std::string event = tick_json(now);
  const std::lock_guard lock(mutex_);
  last_tick_ = std::move(event);
  std::erase_if(clients_,
                [this](const auto& client) { return !client->send(event_name, last_tick_); });
  counters_.api.live_clients.set(static_cast<std::int64_t>(clients_.size()));
}

std::string LiveUpdates::tick_json(Timestamp now) {
  const StageReport report = monitor_.report();
  nlohmann::ordered_json json = {{"time", format_timestamp(now)}};
  const auto numbers = numbers_(now);
  if (!numbers && !numbers_failing_) spdlog::warn("live updates: {}", numbers.error().message);
  numbers_failing_ = !numbers;
  if (numbers) {
    json["visitors_now"] = numbers->visitors_now;
    json["orders_last_minute"] = numbers->orders_last_minute;
  } else {
    json["visitors_now"] = nullptr;
    json["orders_last_minute"] = nullptr;
  }
  json["events_per_second"] = 0.0;
  for (const StageHealth& stage : report.stages) {
    if (stage.name == "collect") json["events_per_second"] = std::round(stage.rate * 10) / 10;
  }
  json["stages"] = nlohmann::ordered_json::parse(stages_json(report));
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace bytebasket::analytics
