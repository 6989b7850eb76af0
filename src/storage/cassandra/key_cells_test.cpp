#include "storage/cassandra/key_cells.hpp"

#include <gtest/gtest.h>

#include "storage/cassandra/cql_cells.hpp"

namespace bytebasket::storage {
namespace {

TEST(CqlCells, ComeBackAsTheyWereAppended) {
  std::string cells;
  append_cell(cells, "text");
  append_null_cell(cells);
  append_cell(cells, "");
  append_bigint_cell(cells, -2);
  append_int_cell(cells, -70'000);
  CellReader reader(cells);
  EXPECT_EQ(reader.take(), "text");
  EXPECT_EQ(reader.take(), std::nullopt);
  EXPECT_EQ(reader.take(), "");
  EXPECT_EQ(reader.take_integer(), -2);
  EXPECT_EQ(reader.take_integer(), -70'000);
  EXPECT_TRUE(reader.ok());
}

TEST(CqlCells, AReaderStaysFailedAfterATruncatedCell) {
  std::string cells;
  append_cell(cells, "text");
  append_cell(cells, "more");
  CellReader reader(std::string_view(cells).substr(0, cells.size() - 1));
  EXPECT_EQ(reader.take(), "text");
  EXPECT_EQ(reader.take(), "");
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.take_integer(), 0);
}

template <typename Key>
void expect_both_ways(const Key& key) {
  const auto& table = schema::declaration_of(Key::table);
  std::string cells;
  ASSERT_TRUE(append_key_cells(cells, table.partition, key.partition_key()));
  ASSERT_TRUE(append_key_cells(cells, table.clustering, key.clustering_key()));
  CellReader reader(cells);
  EXPECT_EQ(take_key(table.partition, reader), key.partition_key());
  EXPECT_EQ(take_key(table.clustering, reader), key.clustering_key());
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.rest().empty());
}

TEST(KeyCells, ComeBackAsTheSameKey) {
  expect_both_ways(schema::VisitorsKey{std::string("v\0", 2), "cart", -5, ""});
  expect_both_ways(schema::MetricsKey{"orders", "hash", "1m", "country,device", -1,
                                      timestamp_from_ms(1'800'000'000'000), "DE,\xC3\xBC", -3});
  // Descending columns are stored as they are: the table sorts them.
  expect_both_ways(schema::AlertsByStateKey{"open", 24'000, timestamp_from_ms(-1), "t"});
}

TEST(KeyCells, RefuseWhatIsNoKey) {
  const auto& table = schema::declaration_of(schema::VisitorsKey::table);
  const std::string clustering = schema::VisitorsKey{"v", "cart", 1, "id"}.clustering_key();
  std::string cells = "before";
  EXPECT_FALSE(append_key_cells(cells, table.clustering, clustering + "x"));
  EXPECT_FALSE(append_key_cells(cells, table.clustering, clustering.substr(0, 9)));
  EXPECT_FALSE(append_key_cells(cells, table.clustering,
                                schema::VisitorsKey{"v", "\xFF", 1, "id"}.clustering_key()));
  EXPECT_EQ(cells, "before");
}

TEST(KeyCells, TakeTheFirstColumnsOfAKey) {
  const auto& table = schema::declaration_of(schema::VisitorsKey::table);
  const std::string clustering = schema::VisitorsKey{"v", "cart", 1, "id"}.clustering_key();
  EXPECT_EQ(key_cells(table.clustering, "")->size(), 0U);
  EXPECT_EQ(key_cells(table.clustering, clustering)->size(), 3U);
  // The facet ends after its four letters and its end mark.
  EXPECT_EQ(key_cells(table.clustering, clustering.substr(0, 6))->size(), 1U);
  EXPECT_FALSE(key_cells(table.clustering, clustering.substr(0, 7)));
}

TEST(KeyCells, KnowThatAPartitionOfOneEmptyTextCannotBe) {
  const auto& visitors = schema::declaration_of(schema::VisitorsKey::table);
  EXPECT_FALSE(is_partition(visitors.partition, schema::VisitorsKey{}.partition_key()));
  EXPECT_TRUE(
      is_partition(visitors.partition, schema::VisitorsKey{"v", "", 0, ""}.partition_key()));
  const auto& velocity = schema::declaration_of(schema::VelocityKey::table);
  EXPECT_TRUE(is_partition(velocity.partition, schema::VelocityKey{}.partition_key()));
}

}  // namespace
}  // namespace bytebasket::storage
