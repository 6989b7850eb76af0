#include "producers/shop/traffic.hpp"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "http/server.hpp"

namespace bytebasket::producers::shop {
namespace {

using nlohmann::json;

/// A collector on a free port of the loopback, which keeps the times of what it is sent.
class LoopbackCollector {
 public:
  LoopbackCollector() : server_({}) {
    server_.route(
        "POST", "/v1/batch",
        [this](const std::shared_ptr<const http::Request>& request, http::Responder responder) {
          take(*request);
          std::move(responder).respond(http::Response{
              .status = 200, .headers = {}, .content_type = "application/json", .body = "{}"});
        });
    EXPECT_TRUE(server_.start());
  }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port());
  }

  /// Waits until an event has happened at `time` or later.
  bool wait_for_event_of(Timestamp time) {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, std::chrono::minutes(5), [&] { return latest_ >= time; });
  }
  std::size_t events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  Timestamp earliest() {
    const std::lock_guard lock(mutex_);
    return earliest_;
  }

 private:
  void take(const http::Request& request) {
    const Timestamp received = SystemClock().now();
    const auto body = http::decompress(request.body, 4 << 20);
    ASSERT_TRUE(body);
    const json sent = json::parse(*body);
    const std::lock_guard lock(mutex_);
    for (const json& event : sent.at("batch")) {
      const auto time = [&event](const char* key) {
        return *parse_timestamp(event.at(key).get<std::string>());
      };
      const Timestamp happened = received - (time("sentAt") - time("originalTimestamp"));
      earliest_ = std::min(earliest_, happened);
      latest_ = std::max(latest_, happened);
      ++events_;
    }
    came_.notify_all();
  }

  http::Server server_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::size_t events_ = 0;
  Timestamp earliest_ = Timestamp::max();
  Timestamp latest_ = Timestamp::min();
};

TEST(ShopTraffic, SendsThePastThroughHttpAndThenThePresentUntilItIsStopped) {
  LoopbackCollector collector;
  ShopTrafficOptions options;
  options.target.url = collector.url();
  options.target.courier.gzip = true;
  options.shop.rhythm = false;
  options.events_per_second = 20;
  options.backfill = std::chrono::minutes(10);
  ShopTraffic traffic(options);
  const Timestamp began = SystemClock().now();
  ASSERT_TRUE(traffic.start());
  EXPECT_EQ(traffic.start().error().code, ErrorCode::conflict);
  ASSERT_TRUE(collector.wait_for_event_of(began)) << "the past first, then what happens now";
  while (!traffic.status().caught_up) std::this_thread::yield();
  EXPECT_EQ(traffic.status().past_sent, 1);
  traffic.stop();
  const ShopTrafficStatus status = traffic.status();
  EXPECT_FALSE(status.running);
  EXPECT_EQ(status.last_problem, "");
  EXPECT_EQ(status.acknowledged, collector.events());
  EXPECT_GT(status.acknowledged, 5'000U);
  EXPECT_LT(collector.earliest(), began - std::chrono::minutes(9));
}

TEST(ShopTraffic, KeepsTryingWhileTheCollectorIsAway) {
  ShopTrafficOptions options;
  options.target.url = "http://127.0.0.1:1";
  options.backfill = std::chrono::minutes(10);
  ShopTraffic traffic(options);
  ASSERT_TRUE(traffic.start());
  while (traffic.status().retries == 0) std::this_thread::yield();
  EXPECT_TRUE(traffic.status().running);
  EXPECT_NE(traffic.status().last_problem, "");
  traffic.stop();
  EXPECT_FALSE(traffic.status().running);
}

TEST(ShopTraffic, RefusesAnAddressThatIsNone) {
  ShopTrafficOptions options;
  options.target.url = "ftp://shop";
  ShopTraffic traffic(options);
  const auto started = traffic.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace bytebasket::producers::shop
