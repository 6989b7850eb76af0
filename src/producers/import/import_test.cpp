#include "producers/import/import.hpp"

#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "producers/import/recording_sink.hpp"
#include "producers/shop/generate.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::producers::import_ {
namespace {

using nlohmann::json;

std::string file_with(const std::string& name, const std::string& text) {
  const std::string path = bytebasket::testing::temporary_path("import_" + name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(ImportRetailRocket, GathersTheRowsOfATransactionWhereverTheyStand) {
  const std::string file = file_with("retailrocket.csv",
                                     "timestamp,visitorid,event,itemid,transactionid\n"
                                     "1433221332117,257597,view,355908,\n"
                                     "1433222276276,599528,transaction,356475,4000\n"
                                     "1433221999827,992329,addtocart,248676,\n"
                                     "1433222276276,599528,transaction,15335,4000\n");
  RecordingSink sink;
  const auto report = import_or_fail({file}, "retailrocket", sink);
  EXPECT_EQ(report.rows, 4U);
  ASSERT_EQ(sink.events.size(), 3U);
  const json order = json::parse(sink.events[2]);
  EXPECT_EQ(order.at("event"), "Order Completed");
  EXPECT_EQ(order.at("properties").at("products").size(), 2U);
  EXPECT_EQ(order.at("timestamp"), "2015-06-02T05:17:56.276Z");
  EXPECT_FALSE(order.at("properties").contains("currency"));
}

TEST(ImportSegment, TakesBackWhatGenerateWrote) {
  const std::string path = bytebasket::testing::temporary_path("import_generated.jsonl");
  auto shop = shop::Shop::create({});
  ASSERT_TRUE(shop::generate_to_file(*shop, 5'000, path));
  RecordingSink sink;
  const auto report = import_or_fail({path}, "segment", sink);
  EXPECT_EQ(report.rows, 5'000U);
  EXPECT_EQ(report.events, 5'000U);
  EXPECT_EQ(report.refused, 0U) << report.refused_by_reason.begin()->first;
  std::ifstream file(path);
  std::string line;
  for (std::size_t i = 0; std::getline(file, line); ++i) {
    const json sent = json::parse(line);
    const json canonical = json::parse(sink.events[i]);
    ASSERT_EQ(canonical.at("messageId"), sent.at("messageId"));
    ASSERT_EQ(canonical.at("source"), sent.at("source"));
    ASSERT_EQ(sink.received[i], *parse_timestamp(sent.at("receivedAt").get<std::string>()));
  }
}

TEST(ImportSegment, NamesEventsWithoutIdTheSameEachTimeAndEqualOnesDifferently) {
  const std::string one =
      R"({"type":"track","event":"Product Viewed","anonymousId":"a","timestamp":"2026-01-01T00:00:00Z"})";
  const std::string file = file_with("no_ids.jsonl", one + "\n" + one + "\n\n" + one + "\n");
  RecordingSink first;
  RecordingSink second;
  EXPECT_EQ(import_or_fail({file}, "segment", first).events, 3U);
  import_or_fail({file}, "segment", second);
  EXPECT_EQ(first.events, second.events);
  std::set<std::string> ids;
  for (const std::string& event : first.events) ids.insert(json::parse(event).at("messageId"));
  EXPECT_EQ(ids.size(), 3U);
}

TEST(ImportSegment, SaysWhatItRefusedWhyAndWhere) {
  const std::string file = file_with(
      "refused.jsonl",
      R"({"type":"track","event":"A","anonymousId":"a","timestamp":"2026-01-01T00:00:00Z"})"
      "\nno json\n"
      R"({"type":"track","event":"A","anonymousId":"a"})"
      "\n");
  RecordingSink sink;
  const auto report = import_or_fail({file}, "segment", sink);
  EXPECT_EQ(report.rows, 3U);
  EXPECT_EQ(report.events, 1U);
  EXPECT_EQ(report.refused, 2U);
  ASSERT_EQ(report.refused_by_reason.size(), 2U);
  std::set<std::uint64_t> lines;
  for (const auto& [reason, count] : report.refused_by_reason) {
    ASSERT_EQ(count.first.size(), 1U);
    EXPECT_EQ(count.first[0].file, file);
    lines.insert(count.first[0].line);
  }
  EXPECT_EQ(lines, (std::set<std::uint64_t>{2, 3}));
  EXPECT_EQ(sink.refused.size(), 2U);
}

TEST(ImportSegment, TakesEventsUpToAMebibyte) {
  const std::string head =
      R"({"type":"track","event":"A","anonymousId":"a","messageId":"m","receivedAt":"2026-01-01T00:00:00Z","properties":{"x":")";
  const std::string file =
      file_with("large.jsonl", head + std::string(900'000, 'x') + "\"}}\n" + head +
                                   std::string(1'100'000, 'x') + "\"}}\n");
  RecordingSink sink;
  const auto report = import_or_fail({file}, "segment", sink);
  EXPECT_EQ(report.events, 1U);
  EXPECT_EQ(report.refused, 1U);
}

TEST(Import, StopsWhenAsked) {
  const std::string file = file_with("stop.jsonl", "{}\n{}\n");
  RecordingSink sink;
  std::stop_source stop;
  stop.request_stop();
  const auto report =
      import_files({.files = {file}, .format = "segment"}, sink, {}, stop.get_token());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::cancelled);
}

/// Takes two batches and no third.
class FullSink final : public ImportSink {
 public:
  Status send(ImportBatch& batch) override {
    lines.push_back(batch.refused.front().line);
    return lines.size() < 3 ? ok() : fail(ErrorCode::resource_exhausted, "the sink is full");
  }

  std::vector<std::uint64_t> lines;
};

TEST(Import, SendsBatchesInTheirOrderAndNoneAfterOneThatFails) {
  const std::string file = file_with("full.jsonl", "{}\n{}\n{}\n{}\n{}\n{}\n");
  FullSink sink;
  const auto report = import_files({.files = {file}, .format = "segment", .batch_events = 1}, sink);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message, "the sink is full");
  EXPECT_EQ(sink.lines, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST(Import, NamesTheFormatsThereAre) {
  RecordingSink sink;
  const auto report = import_files({.files = {"x"}, .format = "excel"}, sink);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("online-retail"), std::string::npos);
}

TEST(Import, NamesTheColumnsThatAreMissing) {
  const std::string file = file_with("columns.csv", "timestamp,visitorid\n1,2\n");
  RecordingSink sink;
  const auto report = import_files({.files = {file}, .format = "retailrocket"}, sink);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("itemid"), std::string::npos);
  EXPECT_NE(report.error().message.find(file), std::string::npos);
}

TEST(Import, TellsHowFarItIs) {
  const std::string file = file_with(
      "progress.csv", "timestamp,visitorid,event,itemid,transactionid\n1433221332117,1,view,2,\n");
  RecordingSink sink;
  ImportProgress last;
  const auto report = import_files({.files = {file}, .format = "retailrocket"}, sink,
                                   [&last](const ImportProgress& now) { last = now; });
  ASSERT_TRUE(report);
  EXPECT_EQ(last.rows, 1U);
  EXPECT_EQ(last.accepted, 1U);
  EXPECT_EQ(last.file_bytes, std::filesystem::file_size(file));
  EXPECT_EQ(last.file_bytes_read, last.file_bytes);
}

}  // namespace
}  // namespace bytebasket::producers::import_
