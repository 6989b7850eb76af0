#include "processors/metric_rows.hpp"

#include <map>

#include <gtest/gtest.h>

#include "schema/tables.hpp"
#include "support/in_memory_engines.hpp"

namespace bytebasket::processors {
namespace {

using metrics::Fact;
using metrics::FactKind;
using storage::RowKey;
using testing::InMemoryTables;

constexpr std::int32_t source = 3;
constexpr Position never{Epoch(1), Offset(-1)};
Position at(std::int64_t offset) { return {Epoch(1), Offset(offset)}; }

const std::shared_ptr<const metrics::MetricPlan>& plan() {
  static const auto compiled = metrics::MetricPlan::compile(
      metrics::read_definitions(
          "metrics: [{name: n, from: events, aggregate: count, dimensions: [source]},"
          "{name: money, from: orders, value: revenue, aggregate: sum, grains: [1d]}]",
          "test.yml")
          .value());
  return compiled;
}

Fact event(std::string_view time) {
  Fact fact;
  fact.time = fact.append_time = parse_timestamp(time).value();
  fact.set(metrics::Dimension::source, "web");
  return fact;
}

/// One owner's rows over a store.
struct Owner {
  InMemoryTables& tables;
  MetricRows rows;
  metrics::Accumulator accumulator{plan()};
  std::size_t reads = 0;

  Owner(InMemoryTables& store, Position applied, Position intent)
      : tables(store), rows(source, applied, intent) {}

  void count(std::string_view time) { accumulator.add(event(time)); }

  std::vector<storage::Mutation> changes(Position upto) {
    rows.take(accumulator);
    std::vector<RowKey> keys;
    for (rows.missing(upto, keys); !keys.empty(); rows.missing(upto, keys)) {
      reads += keys.size();
      const auto found = storage::get_now(tables, keys).value();
      for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_TRUE(rows.loaded(keys[i], found[i]));
      keys.clear();
    }
    return rows.drain(upto);
  }

  void flush(Position upto) { EXPECT_TRUE(storage::write_now(tables, changes(upto))); }
};

/// "grain window dimensions" → count, of the metric n.
std::map<std::string, std::int64_t> counts(const InMemoryTables& tables) {
  std::map<std::string, std::int64_t> found;
  for (const auto& [key, value] : tables.contents()) {
    const auto row = schema::MetricsKey::decode(key.partition, key.clustering);
    if (row->metric != "n") continue;
    EXPECT_EQ(row->source, source);
    const std::string name = row->grain + ' ' + format_timestamp(row->window) + ' ' +
                             row->dimensions + '=' + row->values;
    found[name] = metrics::Aggregate::decode(value)->integer().value();
  }
  return found;
}

TEST(MetricRows, AddUpOverFlushesWithoutReadingWhatTheyHold) {
  InMemoryTables tables(true);
  Owner owner(tables, never, never);
  owner.count("2026-11-22T10:00:10Z");
  owner.flush(at(1));
  owner.count("2026-11-22T10:00:20Z");
  owner.count("2026-11-22T10:01:20Z");
  owner.flush(at(3));
  EXPECT_EQ(counts(tables),
            (std::map<std::string, std::int64_t>{{"1m 2026-11-22T10:00:00Z =", 2},
                                                 {"1m 2026-11-22T10:01:00Z =", 1},
                                                 {"1h 2026-11-22T10:00:00Z =", 3},
                                                 {"1d 2026-11-22T00:00:00Z =", 3},
                                                 {"1m 2026-11-22T10:00:00Z source=web", 2},
                                                 {"1m 2026-11-22T10:01:00Z source=web", 1},
                                                 {"1h 2026-11-22T10:00:00Z source=web", 3},
                                                 {"1d 2026-11-22T00:00:00Z source=web", 3}}));
  EXPECT_EQ(owner.reads, 0U);
}

TEST(MetricRows, OfANewOwnerReadOnlyWindowsThatWereWrittenBefore) {
  InMemoryTables tables(true);
  {
    Owner owner(tables, never, never);
    owner.count("2026-11-22T10:00:10Z");
    owner.flush(at(1));
  }
  Owner owner(tables, at(1), at(1));
  owner.count("2026-11-22T10:00:30Z");
  owner.count("2026-11-22T11:00:30Z");
  owner.flush(at(3));
  EXPECT_EQ(owner.reads, 7U)
      << "the marks; minute, hour and day of both dimension sets; nothing of 11 o'clock";
  EXPECT_EQ(counts(tables)["1m 2026-11-22T10:00:00Z ="], 2);
  EXPECT_EQ(counts(tables)["1d 2026-11-22T00:00:00Z ="], 3);
}

TEST(MetricRows, FoundAtThePositionOfARepeatedFlushIgnoreTheChange) {
  InMemoryTables tables(false);
  {
    Owner owner(tables, never, never);
    owner.count("2026-11-22T10:00:10Z");
    auto mutations = owner.changes(at(5));
    mutations.resize(mutations.size() / 2);
    ASSERT_TRUE(storage::write_now(tables, mutations));
  }
  Owner owner(tables, never, at(5));
  owner.count("2026-11-22T10:00:10Z");
  owner.flush(at(5));
  for (const auto& [row, count] : counts(tables)) EXPECT_EQ(count, 1) << row;
  EXPECT_EQ(counts(tables).size(), 6U);
}

TEST(MetricRows, OfAFlushThatWasCutBeforeItsMarksAreReadByTheNextOwner) {
  InMemoryTables tables(true);
  {
    Owner owner(tables, never, never);
    owner.count("2026-11-22T10:00:10Z");
    auto mutations = owner.changes(at(1));
    mutations.pop_back();  // the marks come last
    EXPECT_TRUE(storage::write_now(tables, std::move(mutations)));
  }
  {
    Owner owner(tables, never, at(1));
    owner.count("2026-11-22T10:00:10Z");
    owner.flush(at(1));
  }
  Owner owner(tables, at(1), at(1));
  owner.count("2026-11-22T10:00:30Z");
  owner.flush(at(3));
  EXPECT_EQ(counts(tables)["1m 2026-11-22T10:00:00Z ="], 2);
}

TEST(MetricRows, ThatWereLetGoAreReadAgain) {
  InMemoryTables tables(true);
  Owner owner(tables, never, never);
  for (int i = 0; i < 3; ++i) {
    owner.count("2026-11-22T10:00:10Z");
    owner.flush(at(i));
    owner.rows.shrink(0);
  }
  EXPECT_EQ(owner.reads, 12U);
  EXPECT_EQ(counts(tables)["1d 2026-11-22T00:00:00Z source=web"], 3);
}

TEST(MetricRows, ShrinkToATargetAndSayWhatTheyHold) {
  InMemoryTables tables(true);
  Owner owner(tables, never, never);
  const std::size_t empty = owner.rows.memory();
  for (int minute = 0; minute < 2000; ++minute) {
    Fact fact = event("2026-11-22T00:00:00Z");
    fact.time += std::chrono::minutes(minute);
    fact.append_time = fact.time;
    owner.accumulator.add(fact);
  }
  owner.flush(at(1));
  const std::size_t full = owner.rows.memory();
  EXPECT_GT(full, empty + 4000 * sizeof(metrics::Aggregate));
  owner.rows.shrink(full / 2);
  EXPECT_LE(owner.rows.memory(), full / 2);
}

TEST(MetricRows, ExpireByGrain) {
  InMemoryTables tables(true);
  Owner owner(tables, never, never);
  owner.count("2026-11-22T10:00:10Z");
  std::map<std::string, std::optional<Timestamp>> expiries;
  for (const auto& mutation : owner.changes(at(1))) {
    expiries[schema::MetricsKey::decode(mutation.key.partition, mutation.key.clustering)->grain] =
        mutation.expires_at;
  }
  EXPECT_EQ(expiries["1m"], parse_timestamp("2026-12-06T10:01:00Z").value());
  EXPECT_EQ(expiries["1h"],
            parse_timestamp("2026-11-22T11:00:00Z").value() + std::chrono::days(400));
  EXPECT_EQ(expiries["1d"], std::nullopt);
}

TEST(MetricRows, RefuseDamagedRows) {
  MetricRows rows(source, at(0), at(0));
  metrics::Accumulator accumulator(plan());
  accumulator.add(event("2026-11-22T10:00:10Z"));
  rows.take(accumulator);
  std::vector<RowKey> keys;
  rows.missing(at(1), keys);
  ASSERT_EQ(keys.size(), 1U) << "the marks";
  EXPECT_EQ(rows.loaded(keys[0], storage::StoredRow{"", "?", at(0)}).error().code,
            ErrorCode::corrupt);
}

TEST(MetricSource, DiffersForEveryPartitionOfEveryStream) {
  using streams::Stream;
  EXPECT_NE(metric_source({Stream::user_activity, PartitionId(0)}),
            metric_source({Stream::transactions, PartitionId(0)}));
  EXPECT_NE(metric_source({Stream::user_activity, PartitionId(0)}),
            metric_source({Stream::user_activity, PartitionId(1)}));
}

}  // namespace
}  // namespace bytebasket::processors
