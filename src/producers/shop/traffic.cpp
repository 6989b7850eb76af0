#include "producers/shop/traffic.hpp"

#include <utility>

namespace bytebasket::producers::shop {

ShopTraffic::ShopTraffic(ShopTrafficOptions options) : options_(std::move(options)) {
  options_.target.courier.give_up_after = Milliseconds::max();
}

ShopTraffic::~ShopTraffic() { stop(); }

Status ShopTraffic::start() {
  if (thread_) return fail(ErrorCode::conflict, "the mock shop's traffic runs already");
  if (options_.backfill < Milliseconds(0)) {
    return fail(ErrorCode::invalid_argument, "the mock shop's backfill must not be negative");
  }
  const Timestamp now = SystemClock().now();
  ShopOptions shop_options = options_.shop;
  shop_options.start = now - options_.backfill;
  shop_options.visits_per_day = visits_per_day_for(options_.events_per_second);
  BB_ASSIGN_OR_RETURN(Shop shop, Shop::create(shop_options));
  if (auto connection = delivery::connect_to_collector(options_.target.url); !connection)
    return fail(connection.error());
  running_ = true;
  past_sent_ = 0;
  caught_up_ = false;
  thread_.emplace([this, own = std::move(shop)](const std::stop_token& stop) mutable {
    run(std::move(own), stop);
  });
  return ok();
}

void ShopTraffic::run(Shop shop, const std::stop_token& stop) {
  const Timestamp opened = shop.options().start;
  const auto on_progress = [this, opened](const GenerateProgress& progress) {
    using Seconds = std::chrono::duration<double>;
    const Timestamp now = SystemClock().now();
    if (progress.shop_time >= now - std::chrono::seconds(1)) caught_up_ = true;
    past_sent_ = Seconds(progress.shop_time - opened) / Seconds(now - opened);
  };
  const auto report = generate_through(
      shop, UINT64_MAX, options_.target, Pace{.events_per_second = 0, .live = true},
      [this] { return delivery::connect_to_collector(options_.target.url); }, count_, stop,
      on_progress);
  if (!report) count_.set_problem(report.error().message);
  running_ = false;
}

void ShopTraffic::stop() { thread_.reset(); }

ShopTrafficStatus ShopTraffic::status() const {
  const bool caught_up = caught_up_;
  const double past_sent = caught_up ? 1 : past_sent_.load();
  return {count_.events, count_.retries, past_sent, caught_up, running_, count_.last_problem()};
}

}  // namespace bytebasket::producers::shop
