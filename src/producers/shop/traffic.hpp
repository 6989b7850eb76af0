// A mock shop that runs beside everything else and sends its events as they happen: what `demo`
// shows.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/result.hpp"
#include "base/time.hpp"
#include "producers/shop/generate.hpp"

namespace bytebasket::producers::shop {

struct ShopTrafficOptions {
  CollectorTarget target;
  /// `start` and `visits_per_day` are set from the clock, `backfill` and `events_per_second`.
  ShopOptions shop;
  double events_per_second = 20;  ///< on average over a day
  /// How much of the past is sent first, as fast as the collector takes it, so that trends have
  /// something to show.
  Milliseconds backfill{0};
};

struct ShopTrafficStatus {
  std::uint64_t acknowledged = 0;  ///< events
  std::uint64_t retries = 0;
  double past_sent = 0;    ///< the share of the past that has been handed over
  bool caught_up = false;  ///< all of it has; events go out as they happen
  bool running = false;
  std::string last_problem;
};

/// Sends until it is stopped; a collector that is away is tried again for ever. start() and stop()
/// belong to one thread at a time, status() to any. The destructor stops.
class ShopTraffic {
 public:
  explicit ShopTraffic(ShopTrafficOptions options);
  ShopTraffic(const ShopTraffic&) = delete;
  ShopTraffic& operator=(const ShopTraffic&) = delete;
  ~ShopTraffic();

  /// Starts the shop in a thread of its own. `invalid_argument` where the options make no sense;
  /// `conflict` when it runs.
  Status start();
  /// Tells the thread to stop and joins it: within a second, or the client's time-out where a
  /// request is under way.
  void stop();
  [[nodiscard]] ShopTrafficStatus status() const;

 private:
  void run(Shop shop, const std::stop_token& stop);

  ShopTrafficOptions options_;
  delivery::DeliveryCount count_;
  std::atomic<bool> running_{false};
  std::atomic<double> past_sent_{0};
  std::atomic<bool> caught_up_{false};
  std::optional<std::jthread> thread_;
};

}  // namespace bytebasket::producers::shop
