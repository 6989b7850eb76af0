#include "verification/rebuild.hpp"

#include <gtest/gtest.h>

#include "support/verified_shop.hpp"

namespace bytebasket::verification {
namespace {

using schema::TableId;

class RebuildTest : public testing::VerifiedShop {
 protected:
  /// Rebuilds, and lets the new tables take the old ones' place.
  Status rebuild_and_swap(RebuildOptions options) {
    const std::string folder = folder_ / ("tables-" + std::to_string(++generation_));
    {
      const ScratchClock clock;
      BB_ASSIGN_OR_RETURN(const auto fresh, storage::EmbeddedTables::open({.folder = folder,
                                                                           .memory_bytes = 16 << 20,
                                                                           .survives_crash = false,
                                                                           .clock = &clock}));
      LogHistory history(*log_);
      options.threads = 2;
      BB_ASSIGN_OR_RETURN(rebuilt_,
                          rebuild(history, *tables_, *fresh, testing::all_partitions(*log_),
                                  testing::make_processor, options));
    }
    tables_.reset();
    BB_ASSIGN_OR_RETURN(
        tables_, storage::EmbeddedTables::open({.folder = folder, .memory_bytes = 16 << 20}));
    return ok();
  }

  void rebuild_by(std::vector<processors::DefinitionDocument> documents) {
    RebuildOptions options;
    options.documents = std::move(documents);
    const auto done = rebuild_and_swap(std::move(options));
    ASSERT_TRUE(done) << done.error().message;
  }

  /// The metric rows of that name, by key.
  std::map<storage::RowKey, std::string> rows_of(const std::string& metric) {
    auto contents = contents_of(*tables_);
    std::erase_if(contents, [&](const auto& row) {
      const auto key = schema::MetricsKey::decode(row.first.partition, row.first.clustering);
      return row.first.table != TableId::metrics || key->metric != metric;
    });
    return contents;
  }

  std::map<storage::RowKey, std::string> rows_of(TableId table) {
    auto contents = contents_of(*tables_);
    std::erase_if(contents, [&](const auto& row) { return row.first.table != table; });
    return contents;
  }

  std::vector<RebuiltPartition> rebuilt_;
  int generation_ = 1;
};

processors::DefinitionDocument metrics_document() { return testing::built_in_definitions()[0]; }

/// Rules that decline nearly everything.
processors::DefinitionDocument harsh_rules() {
  std::string text(processors::fraud::default_rules());
  for (const auto& [mild, harsh] :
       {std::pair("review: 40", "review: 1"), {"decline: 75", "decline: 2"}})
    text.replace(text.find(mild), std::string_view(mild).size(), harsh);
  return processors::DefinitionDocument::of("fraud", text);
}

TEST_F(RebuildTest, GivesTheSameRowsForTheSameDefinitions) {
  append(900);
  process({.records_a_flush = 40});
  auto before = contents_of(*tables_);
  rebuild_by({metrics_document()});
  auto after = contents_of(*tables_);
  // Since when a definition acts is a fact of its own: now from the beginning.
  const auto is_definition = [](const auto& row) {
    return row.first.table == TableId::definitions;
  };
  std::erase_if(before, is_definition);
  std::erase_if(after, is_definition);
  EXPECT_EQ(before, after);
  const Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
  ASSERT_EQ(rebuilt_.size(), 5U);
  for (const auto& partition : rebuilt_)
    EXPECT_EQ(partition.position.offset.next(), log_->range(partition.where)->end);
}

TEST_F(RebuildTest, GivesAMetricDeclaredTodayItsPast) {
  append(900);
  process({.records_a_flush = 40});
  EXPECT_TRUE(rows_of("long_sessions").empty());
  const auto today = testing::with_another_metric();
  rebuild_by({today});
  const auto with_past = rows_of("long_sessions");
  EXPECT_GT(with_past.size(), 5U);

  // It goes on from there, by the same definitions and by later ones.
  append(200);
  process({.records_a_flush = 40, .definitions = {today, testing::built_in_definitions()[1]}});
  Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
  append(200);
  process();
  append(200);
  process();
  report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);

  // And it is what it would be had it been declared on the first day.
  rebuild_by({today});
  const auto all = rows_of("long_sessions");
  EXPECT_GE(all.size(), with_past.size());
  report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
}

TEST_F(RebuildTest, CountsEventsFromBeforeTheFirstDefinitionsToo) {
  remove_log();
  remove_tables();
  append(500);
  process();
  const auto late = rows_of("events");
  rebuild_by({metrics_document()});
  EXPECT_GT(rows_of("events").size(), late.size());
  const Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
}

TEST_F(RebuildTest, LeavesDecisionsAsTheyWereUnlessTheRulesAreNamed) {
  append(900);
  process({.records_a_flush = 40});
  const auto decided = rows_of(TableId::decisions);
  rebuild_by({testing::with_another_metric()});
  EXPECT_EQ(rows_of(TableId::decisions), decided);

  rebuild_by({metrics_document(), harsh_rules()});
  EXPECT_NE(rows_of(TableId::decisions), decided);
  Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
  const auto judged_again = rows_of(TableId::decisions);

  // A later rebuild of metrics keeps the decisions of the one before.
  rebuild_by({metrics_document()});
  EXPECT_EQ(rows_of(TableId::decisions), judged_again);
  report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
}

/// A history that loses its oldest records while it is read.
class LosingHistory final : public History {
 public:
  explicit LosingHistory(streams::EventLog& log) : log_(log) {}
  Result<streams::LogRange> range(streams::TopicPartition where) override {
    auto range = log_.range(where);
    if (range) range->first = Offset(range->first.value() + lost);
    return range;
  }
  Result<streams::RecordBatch> read(streams::TopicPartition where, Offset from,
                                    const streams::ReadLimits& limits) override {
    return log_.read(where, from, limits);
  }
  std::int64_t lost = 0;

 private:
  LogHistory log_;
};

TEST_F(RebuildTest, GoesOnInRoundsWhileTheLogGrows) {
  append(600);
  process();
  testing::EmbeddedScratch fresh(folder_ / "fresh");
  LosingHistory history(*log_);
  ReplayWatch watch;
  RebuildOptions options;
  options.documents = {metrics_document()};
  options.replay.watch = &watch;
  const auto begin = [&](storage::TableStore& into) {
    return Rebuild::begin(history, *tables_, into, testing::all_partitions(*log_),
                          testing::make_processor, options);
  };
  auto rebuild = begin(fresh.tables());
  ASSERT_TRUE(rebuild) << rebuild.error().message;
  const auto all = (*rebuild)->behind();
  ASSERT_TRUE((*rebuild)->advance());
  EXPECT_EQ((*rebuild)->behind(), std::uint64_t{0});
  EXPECT_GE(watch.records, *all) << "and the control records that stand for the documents";
  append(300);
  EXPECT_GE(*(*rebuild)->behind(), 300U);
  ASSERT_TRUE((*rebuild)->advance());
  ASSERT_TRUE((*rebuild)->finish());
  rebuild->reset();
  process();
  fresh.clock().set(SystemClock().now());  // so that what is expired is gone on both sides
  auto computed = contents_of(fresh.tables());
  auto processed = contents_of(*tables_);
  for (auto* contents : {&computed, &processed}) {
    std::erase_if(*contents,
                  [](const auto& row) { return row.first.table == TableId::definitions; });
  }
  EXPECT_TRUE(computed == processed);
  EXPECT_GT(computed.size(), 500U);

  testing::EmbeddedScratch other(folder_ / "other");
  rebuild = begin(other.tables());
  history.lost = 1;
  const auto lost = (*rebuild)->advance();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::unavailable);
  history.lost = 0;
  watch.cancelled = true;
  EXPECT_EQ((*rebuild)->advance().error().code, ErrorCode::cancelled);
}

TEST_F(RebuildTest, RefusesToLoseWhatTheOldestEventsCounted) {
  append(3000);
  process();
  for (const auto where : testing::all_partitions(*log_)) {
    const auto range = log_->range(where);
    ASSERT_TRUE(log_->apply_retention(where, {.max_bytes = 1}, Offset(range->end.value() / 3),
                                      log_clock_.now()));
  }
  RebuildOptions options;
  options.documents = {metrics_document()};
  const auto refused = rebuild_and_swap(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
  EXPECT_NE(refused.error().message.find("--incomplete"), std::string::npos);
  options.incomplete = true;
  EXPECT_TRUE(rebuild_and_swap(options));
}

}  // namespace
}  // namespace bytebasket::verification
