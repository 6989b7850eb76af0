#include "analytics/live.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace bytebasket::analytics {
namespace {

using nlohmann::json;

/// A page that follows: keeps what it is sent.
class FakeStream final : public http::EventStream {
 public:
  bool send(std::string_view event_name, std::string_view data) override {
    if (!open_) return false;
    events.emplace_back(event_name, data);
    return true;
  }
  bool open() const override { return open_; }
  void leave() { open_ = false; }

  std::vector<std::pair<std::string, std::string>> events;

 private:
  bool open_ = true;
};

struct FakeSink final : http::Responder::Sink {
  void respond(http::Response given) override { response = std::move(given); }
  std::shared_ptr<http::EventStream> stream() override { return page; }

  std::shared_ptr<FakeStream> page = std::make_shared<FakeStream>();
  std::optional<http::Response> response;
};

class LiveUpdatesTest : public testing::Test {
 protected:
  std::shared_ptr<FakeSink> follow(LiveUpdates& live) {
    auto sink = std::make_shared<FakeSink>();
    live.follow(http::Responder(sink));
    return sink;
  }
  LiveUpdates updates(std::size_t max_clients) {
    return {monitor_, [this](Timestamp) { return numbers_; }, counters_, clock_, max_clients};
  }

  Counters counters_;
  StageMonitor monitor_{counters_};
  ManualClock clock_{*parse_timestamp("2026-11-22T10:00:00Z")};
  Result<LiveNumbers> numbers_ = LiveNumbers{.visitors_now = 7, .orders_last_minute = 2};
};

TEST_F(LiveUpdatesTest, EveryFollowerGetsEachTick) {
  LiveUpdates live = updates(10);
  const auto first = follow(live);
  live.tick();
  counters_.collector.accepted.add(50);
  clock_.advance(Milliseconds(1000));
  live.tick();
  ASSERT_EQ(first->page->events.size(), 2U);
  EXPECT_EQ(first->page->events[1].first, "tick");
  const json tick = json::parse(first->page->events[1].second);
  EXPECT_EQ(tick["time"], "2026-11-22T10:00:01Z");
  EXPECT_EQ(tick["visitors_now"], 7);
  EXPECT_EQ(tick["orders_last_minute"], 2);
  EXPECT_EQ(tick["events_per_second"], 50.0);
  EXPECT_EQ(tick["stages"].size(), 5U);
}

TEST_F(LiveUpdatesTest, WhoComesBetweenTwoTicksGetsTheLastOneAtOnce) {
  LiveUpdates live = updates(10);
  const auto first = follow(live);
  live.tick();
  const auto second = follow(live);
  EXPECT_EQ(second->page->events, first->page->events);
}

TEST_F(LiveUpdatesTest, MoreFollowersThanAllowedAreToldToComeBackUntilOneLeaves) {
  LiveUpdates live = updates(1);
  const auto first = follow(live);
  const auto refused = follow(live);
  ASSERT_TRUE(refused->response);
  EXPECT_EQ(refused->response->status, 503U);
  first->page->leave();
  EXPECT_FALSE(follow(live)->response);
}

TEST_F(LiveUpdatesTest, AFollowerThatIsGoneIsLetGo) {
  LiveUpdates live = updates(10);
  const auto first = follow(live);
  EXPECT_EQ(counters_.api.live_clients.value(), 1);
  first->page->leave();
  live.tick();
  EXPECT_EQ(counters_.api.live_clients.value(), 0);
}

TEST_F(LiveUpdatesTest, NumbersThatCannotBeReadAreNull) {
  numbers_ = fail(ErrorCode::unavailable, "no store");
  LiveUpdates live = updates(10);
  const auto first = follow(live);
  live.tick();
  EXPECT_TRUE(json::parse(first->page->events.at(0).second)["visitors_now"].is_null());
}

TEST_F(LiveUpdatesTest, StoppingEndsItsThreadAndTakesNobodyIn) {
  LiveUpdates live = updates(10);
  live.start();
  live.stop();
  EXPECT_EQ(follow(live)->response->status, 503U);
}

}  // namespace
}  // namespace bytebasket::analytics
