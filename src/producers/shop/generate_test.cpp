#include "producers/shop/generate.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "producers/delivery/gzip.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::producers::shop {
namespace {

using delivery::DeliveryCount;
using delivery::Post;
using nlohmann::json;

/// A collector that remembers what it was sent and answers as told.
class FakeCollector {
 public:
  using Answer = std::function<Result<http::ClientResponse>(std::size_t request)>;
  explicit FakeCollector(Answer answer =
                             [](std::size_t) {
                               return http::ClientResponse{
                                   .status = 200, .headers = {}, .body = {}};
                             })
      : answer_(std::move(answer)) {}

  Result<Post> connect() {
    return Post([this](const std::vector<std::pair<std::string, std::string>>& headers,
                       const std::string& body) { return receive(headers, body); });
  }

  std::set<std::string> message_ids;
  std::size_t events = 0;
  std::size_t requests = 0;
  std::set<std::string> authorizations;

 private:
  Result<http::ClientResponse> receive(
      const std::vector<std::pair<std::string, std::string>>& headers, const std::string& body) {
    const std::lock_guard lock(mutex_);
    auto answer = answer_(requests++);
    for (const auto& [name, value] : headers) {
      if (name == "authorization") authorizations.insert(value);
    }
    if (!answer || answer->status != 200) return answer;
    const json sent = json::parse(body);
    for (const json& event : sent.at("batch")) {
      message_ids.insert(event.at("messageId"));
      ++events;
    }
    return answer;
  }

  Answer answer_;
  std::mutex mutex_;
};

http::ClientResponse answer_of(unsigned status,
                               std::vector<std::pair<std::string, std::string>> headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = "no"};
}

Result<GenerateReport> send(FakeCollector& collector, std::uint64_t events,
                            CollectorTarget target = {}, Pace pace = {},
                            const std::stop_token& stop = {}) {
  auto shop = Shop::create({});
  DeliveryCount count;
  return generate_through(*shop, events, target, pace, [&collector] { return collector.connect(); },
                          count, stop, {});
}

TEST(GenerateToCollector, DeliversEveryEventInFullBatches) {
  FakeCollector collector;
  const auto report = send(collector, 1234);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->events, 1234U);
  EXPECT_EQ(collector.events, 1234U);
  EXPECT_EQ(report->batches, 25U);
  EXPECT_EQ(report->retries, 0U);
  EXPECT_EQ(collector.authorizations, std::set<std::string>{"Basic ZGVtbzo="});
}

TEST(GenerateToCollector, UsesTheWriteKeyOfEachSource) {
  FakeCollector collector;
  CollectorTarget target;
  target.write_keys = {"w", "m", "c", "o"};
  ASSERT_TRUE(send(collector, 2000, target));
  EXPECT_EQ(collector.authorizations.size(), 4U);
}

TEST(GenerateToCollector, TriesAgainAfterBackPressureAndBrokenConnections) {
  FakeCollector collector([](std::size_t request) -> Result<http::ClientResponse> {
    if (request % 4 == 0) return answer_of(429, {{"retry-after", "0"}});
    if (request % 4 == 1) return answer_of(503, {{"retry-after", "0"}});
    if (request == 2) return fail(ErrorCode::unavailable, "connection refused");
    return answer_of(200);
  });
  const auto report = send(collector, 200);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->events, 200U);
  EXPECT_EQ(collector.events, 200U);
  EXPECT_GE(report->retries, 3U);
}

TEST(GenerateToCollector, StopsAtOnceWhenTheWriteKeyIsWrong) {
  FakeCollector collector([](std::size_t) { return answer_of(401); });
  const auto report = send(collector, 100'000);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::permission_denied);
  EXPECT_NE(report.error().message.find("write key"), std::string::npos);
  EXPECT_LE(collector.requests, 2U);
}

TEST(GenerateToCollector, GivesUpOnABatchThatTheCollectorRefusesAndGoesOn) {
  FakeCollector collector([](std::size_t request) { return answer_of(request == 0 ? 400 : 200); });
  const auto report = send(collector, 500);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->refused_batches, 1U);
  EXPECT_EQ(report->events, 450U);
  EXPECT_NE(report->last_problem.find("400"), std::string::npos);
}

TEST(GenerateToCollector, GivesUpWhenNothingAnswers) {
  FakeCollector collector(
      [](std::size_t) { return fail(ErrorCode::unavailable, "connection refused"); });
  CollectorTarget target;
  target.courier.give_up_after = Milliseconds(50);
  const auto report = send(collector, 100, target);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::unavailable);
  EXPECT_NE(report.error().message.find("connection refused"), std::string::npos);
}

TEST(GenerateToCollector, EndsWhenToldToStop) {
  std::stop_source stop;
  FakeCollector collector([&stop](std::size_t request) {
    if (request == 3) stop.request_stop();
    return answer_of(200);
  });
  const auto report = send(collector, UINT64_MAX, {}, {}, stop.get_token());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GT(report->events, 0U);
}

TEST(GenerateToCollector, LiveSendsThePastAtOnceAndThenWaitsForTheClock) {
  ShopOptions options;
  options.start = SystemClock().now() - std::chrono::hours(2);
  options.visits_per_day = visits_per_day_for(1);
  options.rhythm = false;
  auto shop = Shop::create(options);
  std::stop_source stop;
  FakeCollector collector;
  DeliveryCount count;
  Timestamp reached{};
  const auto on_progress = [&](const GenerateProgress& progress) {
    reached = progress.shop_time;
    if (reached >= SystemClock().now() - std::chrono::seconds(2)) stop.request_stop();
  };
  const auto report = generate_through(
      *shop, UINT64_MAX, {}, {.events_per_second = 0, .live = true},
      [&collector] { return collector.connect(); }, count, stop.get_token(), on_progress);
  ASSERT_TRUE(report);
  EXPECT_LE(reached, SystemClock().now());
  EXPECT_GT(report->events, 5'000U);
}

TEST(Gzip, MakesBodiesSmaller) {
  const std::string bytes(100'000, 'x');
  const std::string zipped = delivery::gzip(bytes);
  EXPECT_LT(zipped.size(), 1000U);
  EXPECT_EQ(static_cast<unsigned char>(zipped[0]), 0x1F);
  EXPECT_EQ(static_cast<unsigned char>(zipped[1]), 0x8B);
}

TEST(GenerateToFile, WritesTheSameLinesThatTheShopMakes) {
  const std::string path = bytebasket::testing::temporary_path("generate_to_file.jsonl");
  auto shop = Shop::create({});
  const auto report = generate_to_file(*shop, 3'000, path);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->bytes, std::filesystem::file_size(path));
  std::ifstream file(path);
  auto again = Shop::create({});
  SentEvent event;
  std::string line;
  for (int i = 0; i < 3'000; ++i) {
    again->next(event);
    ASSERT_TRUE(std::getline(file, line));
    ASSERT_EQ(line, event.json);
  }
  EXPECT_FALSE(std::getline(file, line));
  std::filesystem::remove(path);
}

TEST(GenerateToFile, SaysWhichFileItCannotWrite) {
  auto shop = Shop::create({});
  const auto report = generate_to_file(*shop, 1, "/no/such/folder/events.jsonl");
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("/no/such/folder/events.jsonl"), std::string::npos);
}

}  // namespace
}  // namespace bytebasket::producers::shop
