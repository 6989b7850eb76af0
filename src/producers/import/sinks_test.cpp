#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "producers/import/http_sink.hpp"
#include "producers/import/log_sink.hpp"
#include "support/in_memory_engines.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::producers::import_ {
namespace {

using nlohmann::json;

constexpr const char* two_rows =
    R"({"type":"track","event":"Order Completed","anonymousId":"v","userId":"u","messageId":"m1","receivedAt":"2026-01-01T00:00:05Z","sentAt":"2026-01-01T01:00:04Z","originalTimestamp":"2026-01-01T01:00:00Z","properties":{"order_id":"o","revenue":5,"currency":"EUR"}})"
    "\nno event\n";

std::string rows_file() {
  const std::string path = bytebasket::testing::temporary_path("sinks.jsonl");
  std::ofstream(path) << two_rows;
  return path;
}

/// Keeps what is appended; answers "full" as often as told.
class KeepingLog final : public testing::InMemoryLog {
 public:
  KeepingLog() : InMemoryLog(1) {}

  void append(std::vector<streams::NewRecord> records, AppendCallback done) override {
    if (full_answers > 0) {
      --full_answers;
      done(fail(ErrorCode::resource_exhausted, "full"));
      return;
    }
    std::vector<streams::AppendedAt> places(records.size());
    for (auto& record : records) kept.push_back(std::move(record));
    done(std::move(places));
  }

  std::vector<streams::NewRecord> kept;
  int full_answers = 0;
};

TEST(LogSink, AppendsEventsMarkersAndDeadLetters) {
  KeepingLog log;
  log.full_answers = 2;
  const auto sink = make_log_sink(log);
  const auto report = import_files({.files = {rows_file()}, .format = "segment"}, *sink);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->events, 1U);
  EXPECT_EQ(report->refused, 1U);
  ASSERT_EQ(log.kept.size(), 3U);
  EXPECT_EQ(log.kept[0].stream, streams::Stream::transactions);
  EXPECT_EQ(log.kept[0].key, "u");
  EXPECT_EQ(format_timestamp(log.kept[0].received_at), "2026-01-01T00:00:05Z");
  EXPECT_EQ(json::parse(log.kept[0].value.view()).at("timestamp"), "2026-01-01T00:00:01.000Z");
  EXPECT_EQ(log.kept[1].stream, streams::Stream::user_activity);
  EXPECT_EQ(log.kept[1].key, "v");
  EXPECT_EQ(log.kept[2].stream, streams::Stream::user_activity_dlq);
  EXPECT_EQ(log.kept[2].type, streams::RecordType::dead_letter);
  EXPECT_EQ(log.kept[2].value, "no event");
  const json detail = json::parse(log.kept[2].detail);
  EXPECT_EQ(detail.at("line"), 2);
  EXPECT_FALSE(detail.at("reason").get<std::string>().empty());
}

TEST(HttpSink, SendsTheEventWithItsTrueTimeAndLeavesTheMarkerToTheCollector) {
  std::vector<json> bodies;
  const delivery::Post post = [&bodies](auto,
                                        const std::string& body) -> Result<http::ClientResponse> {
    bodies.push_back(json::parse(body));
    return http::ClientResponse{.status = 200, .headers = {}, .body = {}};
  };
  const auto sink = make_http_sink({.url = {}}, post, [](Milliseconds) { return true; });
  const auto report = import_files({.files = {rows_file()}, .format = "segment"}, *sink);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(bodies.size(), 1U);
  EXPECT_FALSE(bodies[0].contains("sentAt"));
  ASSERT_EQ(bodies[0].at("batch").size(), 1U);
  EXPECT_EQ(bodies[0].at("batch")[0].at("timestamp"), "2026-01-01T00:00:01.000Z");
  EXPECT_FALSE(bodies[0].at("batch")[0].contains("sentAt"));
  // What the collector makes of it an hour later still happened at the same time.
  events::Normalizer collector;
  const auto received = events::Envelope{.received_at = *parse_timestamp("2026-01-01T02:00:00Z")};
  const auto item = collector.normalize(bodies[0].at("batch")[0].dump(), received);
  ASSERT_EQ(item.events.size(), 2U);
  EXPECT_EQ(format_timestamp(item.events[0].time), "2026-01-01T00:00:01Z");
}

TEST(HttpSink, RefusesHereWhatTheCollectorWouldRefuse) {
  std::size_t posts = 0;
  const delivery::Post post = [&posts](auto, const std::string&) -> Result<http::ClientResponse> {
    ++posts;
    return http::ClientResponse{.status = 200, .headers = {}, .body = {}};
  };
  const auto sink =
      make_http_sink({.url = {}, .max_event_bytes = 100}, post, [](Milliseconds) { return true; });
  const auto report = import_files({.files = {rows_file()}, .format = "segment"}, *sink);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->events, 0U);
  EXPECT_EQ(report->refused, 2U);
  EXPECT_EQ(posts, 0U);
}

}  // namespace
}  // namespace bytebasket::producers::import_
