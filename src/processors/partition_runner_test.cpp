#include "processors/partition_runner.hpp"

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/normalize.hpp"
#include "processors/user_activity_processor.hpp"
#include "support/in_memory_engines.hpp"

namespace bytebasket::processors {
namespace {

using testing::InMemoryLog;
using testing::InMemoryTables;

const Timestamp start_time = timestamp_from_ms(1'767'225'600'000);  // 2026-01-01
constexpr streams::TopicPartition activity{streams::Stream::user_activity, PartitionId(0)};

RunnerOptions options_for(std::size_t max_memory) {
  return {.where = activity,
          .flush_interval = Milliseconds(0),
          .max_memory = max_memory,
          .read = {.max_records = 37},
          .definitions = {
              DefinitionDocument::of("metrics", std::string(metrics::built_in_document()))}};
}

std::unique_ptr<PartitionRunner> runner_on(InMemoryLog& log, InMemoryTables& tables,
                                           std::size_t max_memory = 64 << 20) {
  return std::make_unique<PartitionRunner>(
      log, tables, std::make_unique<UserActivityProcessor>(UserActivityOptions{}),
      options_for(max_memory));
}

/// Appends what a client sent, through the same normaliser as the collector.
void append(InMemoryLog& log, const std::string& json) {
  events::Normalizer normalizer;
  const auto item = normalizer.normalize(
      json, {.received_at = start_time, .default_source = events::Source::web});
  ASSERT_FALSE(item.refused) << item.refused->reason;
  for (const auto& event : item.events) {
    if (event.transaction) continue;
    ASSERT_TRUE(append_and_wait(log, {{.stream = streams::Stream::user_activity,
                                       .key = event.key,
                                       .value = event.json,
                                       .received_at = start_time}}));
  }
}

/// Random traffic, with duplicates and late events.
void append_traffic(InMemoryLog& log, std::mt19937_64& random, int count) {
  const std::vector<std::string> names = {"Product Viewed", "Product Added", "Checkout Started",
                                          "Products Searched"};
  std::vector<std::string> sent;
  for (int i = 0; i < count; ++i) {
    if (!sent.empty() && random() % 5 == 0) {
      append(log, sent[random() % sent.size()]);
      continue;
    }
    const Timestamp time =
        start_time - Milliseconds(static_cast<std::int64_t>(random() % (3 * 86'400'000)));
    sent.push_back(R"({"type":"track","event":")" + names[random() % names.size()] +
                   R"(","messageId":"m)" + std::to_string(i) + R"(","anonymousId":"v)" +
                   std::to_string(random() % 8) + R"(","timestamp":")" + format_timestamp(time) +
                   R"(","properties":{"product_id":"p)" + std::to_string(random() % 5) +
                   R"(","category":"c","price":2.5,"quantity":1,"currency":"EUR","query":"q"}})");
    append(log, sent.back());
  }
}

/// Steps until everything is applied and stored. The error, where the store fails on the way.
Status run_to_end(PartitionRunner& runner, InMemoryLog& log) {
  BB_RETURN_IF_ERROR(runner.start());
  BB_ASSIGN_OR_RETURN(const auto range, log.range(activity));
  while (runner.applied().offset.next() < range.end) {
    BB_ASSIGN_OR_RETURN(const std::size_t read, runner.step(Milliseconds(0)));
    static_cast<void>(read);
  }
  return runner.flush();
}

TEST(PartitionRunner, ActivatesTheConfiguredDefinitionsByAControlRecord) {
  InMemoryLog log(1);
  InMemoryTables tables(true);
  ASSERT_TRUE(runner_on(log, tables)->start());
  EXPECT_EQ(log.range(activity)->end, Offset(1));
  ASSERT_TRUE(run_to_end(*runner_on(log, tables), log));
  auto again = runner_on(log, tables);
  ASSERT_TRUE(again->start());
  const auto end = log.range(activity)->end;
  EXPECT_EQ(again->applied().offset.next(), end) << "a document that acts is not announced again";
}

TEST(PartitionRunner, RefusesTablesThatAreAheadOfTheLog) {
  InMemoryTables tables(true);
  InMemoryLog log(1);
  log.set_now(start_time);
  std::mt19937_64 random(1);
  ASSERT_TRUE(runner_on(log, tables)->start());
  append_traffic(log, random, 20);
  ASSERT_TRUE(run_to_end(*runner_on(log, tables), log));
  InMemoryLog other(1);
  const auto started = runner_on(other, tables)->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::corrupt);
  EXPECT_THAT(started.error().message, ::testing::HasSubstr("do not belong together"));
}

/// What a run without any failure leaves.
std::map<storage::RowKey, std::string> undisturbed(InMemoryLog& log) {
  InMemoryTables tables(true);
  auto runner = runner_on(log, tables);
  EXPECT_TRUE(run_to_end(*runner, log));
  return tables.contents();
}

class Interrupted : public ::testing::TestWithParam<bool> {};

TEST_P(Interrupted, LeavesTheRowsOfAnUndisturbedRun) {
  const bool atomic = GetParam();
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    std::mt19937_64 random(seed);
    InMemoryLog log(1);
    log.set_now(start_time);
    InMemoryTables first(true);
    ASSERT_TRUE(runner_on(log, first)->start());
    append_traffic(log, random, 400);

    InMemoryTables tables(atomic);
    int failures = 0;
    for (bool finished = false; !finished;) {
      tables.fail_after(static_cast<int>(random() % 9), [&] { return random() % 2 == 0; });
      auto runner = runner_on(log, tables, random() % 2 == 0 ? 1 : 64 << 20);
      const Status outcome = run_to_end(*runner, log);
      finished = outcome.has_value();
      if (++failures > 500) tables.heal();
      if (!finished) {
        ASSERT_EQ(outcome.error().code, ErrorCode::internal) << outcome.error().message;
      }
    }
    ASSERT_EQ(tables.contents(), undisturbed(log)) << "seed " << seed;
    EXPECT_GT(failures, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(PartitionRunner, Interrupted, ::testing::Bool(), [](const auto& written) {
  return written.param ? "AtomicWrites" : "LevelByLevel";
});

/// States events, and wants those alone that count.
class EventsThatCount final : public Processor {
 public:
  explicit EventsThatCount(std::vector<std::string>& seen) : seen_(seen) {}

  [[nodiscard]] bool wants(events::EventKind kind, const metrics::FactSink& facts) const override {
    return facts.counts(metrics::FactKind::event, kind);
  }
  void missing(std::span<const LoggedEvent>, std::vector<storage::RowKey>&) override {}
  Status loaded(const storage::RowKey&, const std::optional<storage::StoredRow>&) override {
    return ok();
  }
  void apply(std::span<const LoggedEvent> batch, metrics::FactSink&) override {
    for (const LoggedEvent& logged : batch) seen_.emplace_back(logged.event.name);
  }
  Status control(std::string_view, Position) override { return ok(); }
  Levels drain(Position) override { return {}; }
  [[nodiscard]] std::size_t memory() const override { return 0; }
  void shrink(std::size_t) override {}

 private:
  std::vector<std::string>& seen_;
};

TEST(PartitionRunner, PassesOverEventsThatNobodyWants) {
  InMemoryLog log(1);
  log.set_now(start_time);
  InMemoryTables tables(true);
  std::vector<std::string> seen;
  RunnerOptions options = options_for(64 << 20);
  options.definitions = {DefinitionDocument::of(
      "metrics",
      "metrics: [{name: added, help: Products put into carts., from: events, "
      "where: event = \"Product Added\", aggregate: count}]")};
  PartitionRunner runner(log, tables, std::make_unique<EventsThatCount>(seen), options);
  ASSERT_TRUE(runner.start());
  for (const std::string name : {"Product Viewed", "Product Added", "Mine", "Product Added"})
    append(log, R"({"type":"track","event":")" + name + R"(","anonymousId":"v"})");
  append(log, R"({"type":"page","name":"Product Added","anonymousId":"v"})");
  for (std::size_t read = 1; read > 0;) {
    const auto stepped = runner.step(Milliseconds(0));
    ASSERT_TRUE(stepped) << stepped.error().message;
    read = *stepped;
  }
  EXPECT_THAT(seen, ::testing::ElementsAre("Product Added", "Product Added"));
  EXPECT_EQ(runner.progress().events, 5U);
  EXPECT_EQ(runner.applied().offset.next(), log.range(activity)->end);
  append(log, R"({"type":"track","event":"Product Viewed","anonymousId":"v"})");
  EXPECT_EQ(runner.step(Milliseconds(0)), 1U) << "what is passed over is read too";
  EXPECT_EQ(runner.progress().events, 6U);
  EXPECT_EQ(runner.applied().offset.next(), log.range(activity)->end);
}

TEST(PartitionRunner, OfTwoOwnersTheOlderStops) {
  InMemoryLog log(1);
  log.set_now(start_time);
  InMemoryTables tables(false);
  auto older = runner_on(log, tables);
  ASSERT_TRUE(older->start());
  ASSERT_TRUE(older->step(Milliseconds(0)));
  auto newer = runner_on(log, tables);
  ASSERT_TRUE(newer->start());
  std::mt19937_64 random(3);
  append_traffic(log, random, 5);
  Status outcome = ok();
  for (int i = 0; i < 3 && outcome; ++i) {
    if (auto stepped = older->step(Milliseconds(0)); !stepped) outcome = fail(stepped.error());
  }
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace bytebasket::processors
