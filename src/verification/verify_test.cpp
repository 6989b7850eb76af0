#include "verification/verify.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "support/verified_shop.hpp"
#include "verification/rebuild.hpp"

namespace bytebasket::verification {
namespace {

using schema::TableId;

class VerifyTest : public testing::VerifiedShop {};

const std::vector<TableId> result_tables = {
    TableId::job_state,       TableId::definitions,
    TableId::visitors,        TableId::metrics,
    TableId::orders,          TableId::transactions_by_time,
    TableId::decisions,       TableId::transactions_by_customer,
    TableId::alerts_by_state, TableId::velocity,
    TableId::message_ids,     TableId::carts_by_activity};

TEST_F(VerifyTest, FindsNothingWhereEveryRowIsWhatItsEventsMakeOfIt) {
  append(1500);
  process();
  const Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
  for (const TableId table : result_tables) {
    ASSERT_TRUE(report.tables.contains(table));
    EXPECT_GT(report.tables.at(table).compared, 3U) << schema::declaration_of(table).name;
  }
  EXPECT_EQ(report.moved, 0U);
  EXPECT_EQ(report.partitions.size(), 5U);
}

// The recomputation flushes once, at the end: rows must not depend on where the log was cut.
TEST_F(VerifyTest, FindsNothingHoweverTheLogWasCutIntoFlushes) {
  append(400);
  for (const std::size_t records : {1U, 7U, 400U}) {
    SCOPED_TRACE(records);
    remove_tables();
    process({.records_a_flush = records});
    VerifyOptions options;
    options.replay.max_records = records == 7 ? 13 : 10'000;
    options.replay.memory = records == 7 ? 1 : 64 << 20;
    const Report report = verify(options);
    EXPECT_TRUE(report.passed()) << to_text(report);
  }
}

TEST_F(VerifyTest, FindsASpoiltRowOfEveryTableAndJustIt) {
  append(1200);
  process();
  for (const TableId table : result_tables) {
    SCOPED_TRACE(schema::declaration_of(table).name);
    const storage::TableRow row = some_row(table);
    std::string spoilt = row.value;
    spoilt[spoilt.size() / 2] = static_cast<char>(spoilt[spoilt.size() / 2] ^ 1);
    if (table == TableId::job_state) spoilt = some_row(table, 2).value + "x";
    spoil(row, spoilt);
    if (table == TableId::job_state) {
      EXPECT_FALSE(try_verify()) << "a job state of broken bytes says nothing to compare up to";
    } else {
      const Report report = verify();
      ASSERT_EQ(report.difference_count, 1U) << to_text(report);
      EXPECT_EQ(report.differences[0].key, row.key);
      EXPECT_EQ(report.differences[0].kind, Difference::Kind::wrong_value);
      EXPECT_EQ(report.differences[0].stored, spoilt);
      EXPECT_EQ(report.differences[0].recomputed, row.value);
      EXPECT_FALSE(report.differences[0].events.empty());
    }
    spoil(row, row.value);
  }
  EXPECT_TRUE(verify().passed());
}

TEST_F(VerifyTest, FindsRowsThatAreMissing) {
  append(600);
  process();
  // An emptied row is as good as none, and one that never was is not in the tables at all.
  const storage::TableRow emptied = some_row(TableId::orders);
  spoil(emptied, "");
  Report report = verify();
  ASSERT_EQ(report.difference_count, 1U) << to_text(report);
  EXPECT_EQ(report.differences[0].key, emptied.key);
  EXPECT_EQ(report.differences[0].recomputed, emptied.value);

  const storage::TableRow gone = some_row(TableId::visitors);
  ASSERT_TRUE(write_now(*tables_,
                        {{gone.key, "any", gone.position, timestamp_from_ms(1'000'000'000'000)}}));
  report = verify();
  ASSERT_EQ(report.difference_count, 2U) << to_text(report);
  const auto missing = std::ranges::find(report.differences, gone.key, &Difference::key);
  ASSERT_NE(missing, report.differences.end());
  EXPECT_EQ(missing->kind, Difference::Kind::missing);
  EXPECT_EQ(missing->recomputed, gone.value);
}

TEST_F(VerifyTest, FindsRowsThatNoEventMakes) {
  append(600);
  process();
  const schema::OrdersKey order{"nobody's", "state"};
  const schema::VisitorsKey visitor{"nobody", "day", 20'454, ""};
  const Position position = some_row(TableId::visitors).position;
  ASSERT_TRUE(write_now(*tables_, {{storage::RowKey::of(order), "{}", position, {}},
                                   {storage::RowKey::of(visitor), "x", position, {}}}));
  const Report report = verify();
  ASSERT_EQ(report.difference_count, 2U) << to_text(report);
  for (const Difference& difference : report.differences) {
    EXPECT_EQ(difference.kind, Difference::Kind::extra);
    EXPECT_TRUE(difference.events.empty());
  }
}

TEST_F(VerifyTest, FindsTheSameHoweverLittleOfTheScratchIsHeldInMemory) {
  append(600);
  process();
  const storage::TableRow wrong = some_row(TableId::orders);
  spoil(wrong, "{}");
  const storage::TableRow gone = some_row(TableId::visitors);
  ASSERT_TRUE(write_now(*tables_,
                        {{gone.key, "any", gone.position, timestamp_from_ms(1'000'000'000'000)}}));
  const schema::OrdersKey order{"nobody's", "state"};
  const storage::RowKey extra = storage::RowKey::of(order);
  ASSERT_TRUE(write_now(*tables_, {{extra, "{}", wrong.position, {}}}));
  for (const std::size_t held : {std::size_t{1}, std::size_t{300'000}, std::size_t{64} << 20}) {
    SCOPED_TRACE(held);
    held_bytes_ = held;
    const Report report = verify();
    std::map<storage::RowKey, Difference::Kind> found;
    for (const Difference& difference : report.differences) found[difference.key] = difference.kind;
    EXPECT_EQ(report.difference_count, 3U) << to_text(report);
    EXPECT_EQ(found[wrong.key], Difference::Kind::wrong_value);
    EXPECT_EQ(found[gone.key], Difference::Kind::missing);
    EXPECT_EQ(found[extra], Difference::Kind::extra);
  }
}

TEST_F(VerifyTest, FindsRowsThatAreNewerThanAllThatWasProcessed) {
  append(600);
  process();
  const storage::TableRow row = some_row(TableId::metrics);
  ASSERT_TRUE(
      write_now(*tables_, {{row.key, row.value, {row.position.epoch, Offset(1'000'000)}, {}}}));
  const storage::TableRow other = some_row(TableId::orders);
  ASSERT_TRUE(write_now(*tables_, {{other.key, other.value, {Epoch(99), Offset(1)}, {}}}));
  const Report report = verify();
  ASSERT_EQ(report.difference_count, 2U) << to_text(report);
  for (const Difference& difference : report.differences)
    EXPECT_EQ(difference.kind, Difference::Kind::wrong_position);
}

TEST_F(VerifyTest, NamesTheEventsBehindADifference) {
  append(600);
  process();
  // One order's row: of its events exactly those that name it must be listed.
  const storage::TableRow row = some_row(TableId::orders, 20);
  spoil(row, "{}");
  const Report report = verify();
  ASSERT_EQ(report.difference_count, 1U) << to_text(report);
  const std::string order =
      schema::OrdersKey::decode(row.key.partition, row.key.clustering)->order_id;
  std::vector<Offset> expected;
  const streams::TopicPartition where{streams::Stream::transactions, PartitionId(0)};
  const auto records = log_->read(where, Offset(0), {});
  std::set<std::string> seen;
  for (const auto& record : records->records()) {
    const std::string_view value = record.value;
    const bool names_it = value.find("\"order_id\":\"" + order + "\"") != std::string_view::npos;
    const auto id = value.find("\"messageId\":");
    if (names_it && seen.insert(std::string(value.substr(id, 24))).second)
      expected.push_back(record.offset);
  }
  std::vector<Offset> found;
  for (const EventBehind& event : report.differences[0].events) {
    found.push_back(event.offset);
    EXPECT_FALSE(event.message_id.empty());
  }
  expected.resize(std::min<std::size_t>(expected.size(), 10));
  EXPECT_EQ(found, expected) << to_text(report);
}

TEST_F(VerifyTest, KeepsToTheDefinitionsThatActedAtTheTime) {
  auto changed = testing::built_in_definitions();
  changed[0] = testing::with_another_metric();
  append(300);
  process({.records_a_flush = 33});
  append(300);
  // It acts from the end of these on: they count under the old definitions, whoever processes them.
  process({.records_a_flush = 50, .definitions = changed});
  append(300);
  process({.records_a_flush = 50, .definitions = changed});
  const Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
  EXPECT_EQ(report.tables.at(TableId::definitions).compared, 15U);
}

TEST_F(VerifyTest, FindsNothingWhereTheDefinitionsCameAfterTheFirstEvents) {
  remove_log();
  remove_tables();
  append(400);
  process({.records_a_flush = 20});
  append(400);
  process({.records_a_flush = 20});
  const Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
}

TEST_F(VerifyTest, SaysTheSameAsJson) {
  append(300);
  process();
  spoil(some_row(TableId::metrics), std::string());
  const std::string json = to_json(verify());
  EXPECT_NE(json.find("\"passed\": false"), std::string::npos) << json;
  EXPECT_NE(json.find("\"message_id\": \"m"), std::string::npos) << json;
  EXPECT_NE(json.find("\"window\": \"20"), std::string::npos) << json;
}

TEST_F(VerifyTest, CallsRowsThatHaveExpiredNoDifference) {
  append(600);
  process();
  testing::EmbeddedScratch all(folder_ / "all");
  LogHistory history(*log_);
  ASSERT_TRUE(rebuild(history, *tables_, all.tables(), testing::all_partitions(*log_),
                      testing::make_processor, {.documents = testing::built_in_definitions()}));
  EXPECT_GT(contents_of(all.tables()).size(), contents_of(*tables_).size() + 100)
      << "the shop's minutes are long expired";
  const Report report = verify();
  EXPECT_TRUE(report.passed()) << to_text(report);
}

}  // namespace
}  // namespace bytebasket::verification
