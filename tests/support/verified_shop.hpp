// What the tests of verification share: a log with a small shop's traffic, tables made of it, and a
// verify over both.
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "metrics/definition.hpp"
#include "processors/fraud/default_rules.hpp"
#include "processors/partition_runner.hpp"
#include "processors/transactions.hpp"
#include "processors/user_activity_processor.hpp"
#include "storage/embedded/embedded_tables.hpp"
#include "storage/forwarding_tables.hpp"
#include "streams/embedded/embedded_log.hpp"
#include "support/settable_clock.hpp"
#include "support/small_shop.hpp"
#include "support/temporary_folder.hpp"
#include "verification/row_content.hpp"
#include "verification/verify.hpp"

namespace bytebasket::testing {

inline std::unique_ptr<processors::Processor> make_processor(streams::TopicPartition where) {
  if (where.stream == streams::Stream::transactions)
    return std::make_unique<processors::TransactionsProcessor>(processors::TransactionsOptions{});
  return std::make_unique<processors::UserActivityProcessor>(processors::UserActivityOptions{});
}

inline std::vector<streams::TopicPartition> all_partitions(const streams::EventLog& log) {
  std::vector<streams::TopicPartition> partitions = {
      {streams::Stream::transactions, PartitionId(0)}};
  for (std::int32_t i = 0; i < log.partitions(streams::Stream::user_activity); ++i)
    partitions.push_back({streams::Stream::user_activity, PartitionId(i)});
  return partitions;
}

/// A document of the built-in metrics and one more.
inline processors::DefinitionDocument with_another_metric() {
  return processors::DefinitionDocument::of(
      "metrics", std::string(metrics::built_in_document()) +
                     "\n  - name: long_sessions\n    help: Sessions of more than one event.\n"
                     "    from: sessions\n    where: events > 1\n    aggregate: count\n"
                     "    dimensions: [device]\n");
}

inline std::vector<processors::DefinitionDocument> built_in_definitions() {
  return {
      processors::DefinitionDocument::of("metrics", std::string(metrics::built_in_document())),
      processors::DefinitionDocument::of("fraud", std::string(processors::fraud::default_rules()))};
}

/// A store that fails for good in the middle of a flush, or that something happens to while it is
/// walked.
class DisturbedTables final : public storage::ForwardingTables {
 public:
  explicit DisturbedTables(storage::TableStore& tables) : ForwardingTables(tables) {}

  /// So many writes still succeed.
  void fail_after_levels(int levels) { left_ = levels; }
  void before_each_page(std::function<void()> happens) { happens_ = std::move(happens); }

  void write(std::vector<storage::Mutation> mutations, WriteCallback done) override {
    if (left_ && (*left_)-- <= 0) return done(fail(ErrorCode::internal, "the store is gone"));
    ForwardingTables::write(std::move(mutations), std::move(done));
  }
  void enumerate(storage::EnumerationRequest request, EnumerateCallback done) override {
    if (happens_) happens_();
    ForwardingTables::enumerate(std::move(request), std::move(done));
  }

 private:
  std::optional<int> left_;
  std::function<void()> happens_;
};

/// How the live tables are made: so many records to a flush, and by which definitions.
struct Processing {
  std::size_t records_a_flush = 100;
  std::vector<processors::DefinitionDocument> definitions = built_in_definitions();
};

inline std::unique_ptr<processors::PartitionRunner> make_runner(streams::EventLog& log,
                                                                storage::TableStore& tables,
                                                                streams::TopicPartition where,
                                                                const Processing& processing) {
  processors::RunnerOptions options;
  options.where = where;
  options.flush_interval = std::chrono::hours(1);
  options.max_memory = 1;  // so that every step is flushed
  options.read.max_records = processing.records_a_flush;
  options.definitions = processing.definitions;
  return std::make_unique<processors::PartitionRunner>(log, tables, make_processor(where),
                                                       std::move(options));
}

/// Processes every partition to its end, as a service does before it stops.
inline Status process_all(streams::EventLog& log, storage::TableStore& tables,
                          const Processing& processing = {}) {
  for (const auto where : all_partitions(log)) {
    const auto runner = make_runner(log, tables, where, processing);
    BB_RETURN_IF_ERROR(runner->start());
    BB_ASSIGN_OR_RETURN(const auto range, log.range(where));
    while (runner->applied().offset.next() < range.end) {
      BB_ASSIGN_OR_RETURN(const auto read, runner->step(Milliseconds(0)));
      static_cast<void>(read);
    }
    BB_RETURN_IF_ERROR(runner->flush());
  }
  return ok();
}

class EmbeddedScratch final : public verification::Scratch {
 public:
  /// Rows beyond `held_bytes` of memory go into tables in `folder`.
  explicit EmbeddedScratch(std::string folder, std::size_t held_bytes = 1 << 20)
      : folder_(std::move(folder)), tables_([this] { return open(); }, held_bytes, clock_) {}

  verification::HeldTables& tables() override { return tables_; }
  verification::ScratchClock& clock() override { return clock_; }

 private:
  Result<verification::TablesBeneath> open() {
    BB_ASSIGN_OR_RETURN(auto tables, storage::EmbeddedTables::open({.folder = folder_,
                                                                    .memory_bytes = 16 << 20,
                                                                    .survives_crash = false,
                                                                    .clock = &clock_}));
    storage::EmbeddedTables& opened = *tables;
    return verification::TablesBeneath{std::move(tables), [&opened](const storage::NextRow& next) {
                                         return opened.write_sorted(next);
                                       }};
  }

  const std::string folder_;
  verification::ScratchClock clock_;
  verification::HeldTables tables_;
};

/// A log with a small shop's traffic, tables made of it, and a verify over both.
class VerifiedShop : public ::testing::Test {
 protected:
  VerifiedShop() {
    log_clock_.set(to_ms(SmallShop::start));
    open_log();
    open_tables(/*atomic=*/true);
    process();  // as a service that starts: the definitions stand before the events
  }

  void open_tables(bool atomic) {
    tables_.reset();
    tables_ = std::move(*storage::EmbeddedTables::open(
        {.folder = folder_ / "tables", .memory_bytes = 16 << 20, .atomic = atomic}));
  }

  void open_log() {
    log_ =
        std::move(*streams::EmbeddedLog::open({.folder = folder_ / "log", .clock = &log_clock_}));
  }

  void remove_log() {
    log_.reset();
    std::filesystem::remove_all(folder_ / "log");
    open_log();
  }

  void remove_tables() {
    tables_.reset();
    std::filesystem::remove_all(folder_ / "tables");
    open_tables(true);
  }

  /// Appends that many events of the shop; the log's clock goes with them.
  void append(int events) {
    for (int left = events; left > 0; left -= 50) {
      auto records = shop_.next(std::min(left, 50));
      log_clock_.set(to_ms(records.back().received_at) + 5);
      ASSERT_TRUE(append_and_wait(*log_, std::move(records)));
    }
  }

  void process(Processing processing = {}) {
    const auto done = process_all(*log_, *tables_, processing);
    ASSERT_TRUE(done) << done.error().message;
  }

  Result<verification::Report> try_verify(verification::VerifyOptions options = {}) {
    verification::LogHistory history(*log_);
    return try_verify(*tables_, history, options);
  }

  Result<verification::Report> try_verify(storage::TableStore& tables,
                                          verification::History& history,
                                          verification::VerifyOptions options = {}) {
    const verification::Subject subject{tables, history, all_partitions(*log_), make_processor};
    options.threads = 2;
    return verification::verify(
        subject,
        [this]() -> Result<std::unique_ptr<verification::Scratch>> {
          return std::make_unique<EmbeddedScratch>(
              folder_ / ("scratch" + std::to_string(scratches_++)), held_bytes_);
        },
        options);
  }

  verification::Report verify(verification::VerifyOptions options = {}) {
    auto report = try_verify(options);
    EXPECT_TRUE(report) << (report ? "" : report.error().message);
    return report.value_or(verification::Report());
  }

  /// The first row of the table that is not emptied and not one of bookkeeping.
  storage::TableRow some_row(schema::TableId table, std::size_t skip = 3) {
    storage::EnumerationRequest request{table, "", 10'000};
    const auto page = enumerate_now(*tables_, request);
    EXPECT_TRUE(page);
    std::optional<storage::TableRow> found;
    for (const auto& row : page->rows) {
      if (row.value.empty() || verification::is_bookkeeping(row.key)) continue;
      found = row;
      if (skip-- == 0) break;
    }
    EXPECT_TRUE(found) << schema::declaration_of(table).name << " has no rows";
    return found.value_or(storage::TableRow());
  }

  void spoil(const storage::TableRow& row, std::string value) {
    ASSERT_TRUE(write_now(*tables_, {{row.key, std::move(value), row.position, {}}}));
  }

  /// What all rows say, without bookkeeping and without those that say nothing.
  static std::map<storage::RowKey, std::string> contents_of(storage::TableStore& tables) {
    std::map<storage::RowKey, std::string> contents;
    for (const auto& table : schema::tables()) {
      const auto page = enumerate_now(tables, {table.id, "", 1'000'000});
      EXPECT_TRUE(page);
      for (const auto& row : page->rows) {
        const bool says_nothing = verification::same_content(row.key, row.value, {});
        if (!says_nothing && !verification::is_bookkeeping(row.key)) contents[row.key] = row.value;
      }
    }
    return contents;
  }

  TemporaryFolder folder_ = testing::temporary_folder();
  SettableClock log_clock_;
  SmallShop shop_{7};
  std::unique_ptr<streams::EventLog> log_;
  std::unique_ptr<storage::TableStore> tables_;
  int scratches_ = 0;
  std::size_t held_bytes_ = 64 << 20;  ///< of a scratch
};

}  // namespace bytebasket::testing
