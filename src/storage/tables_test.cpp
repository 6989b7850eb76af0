// The row types that schema/generate_tables.py makes of schema/tables.toml.
#include "schema/tables.hpp"

#include <set>

#include <gtest/gtest.h>

namespace bytebasket::schema {
namespace {

TEST(Tables, AreDeclaredOnceWithNumbersOfTheirOwn) {
  std::set<TableId> ids;
  std::set<std::string_view> names;
  for (const TableDeclaration& table : tables()) {
    ids.insert(table.id);
    names.insert(table.name);
    EXPECT_FALSE(table.partition.empty()) << table.name;
    EXPECT_TRUE(table.question.ends_with('?')) << table.name << " answers a question";
    EXPECT_EQ(declaration_of(table.id).name, table.name);
  }
  EXPECT_EQ(ids.size(), table_count);
  EXPECT_EQ(names.size(), table_count);
}

// The numbers stand in every stored key.
TEST(Tables, KeepTheirNumbers) {
  EXPECT_EQ(static_cast<int>(TableId::job_state), 1);
  EXPECT_EQ(static_cast<int>(TableId::definitions), 2);
  EXPECT_EQ(static_cast<int>(TableId::visitors), 3);
  EXPECT_EQ(static_cast<int>(TableId::metrics), 4);
  EXPECT_EQ(static_cast<int>(TableId::orders), 5);
  EXPECT_EQ(static_cast<int>(TableId::transactions_by_time), 6);
}

TEST(Tables, SayWhichColumnsDescend) {
  const auto& table = declaration_of(TableId::transactions_by_time);
  ASSERT_EQ(table.clustering.size(), 2U);
  EXPECT_EQ(table.clustering[0].name, "time");
  EXPECT_EQ(table.clustering[0].type, ColumnType::timestamp);
  EXPECT_TRUE(table.clustering[0].descending);
  EXPECT_FALSE(table.clustering[1].descending);
}

TEST(RowKeys, AreReadBackFromTheirBytes) {
  const VisitorsKey key{std::string("vi\0sitor", 8), "session", -5, ""};
  const auto read = VisitorsKey::decode(key.partition_key(), key.clustering_key());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->visitor, key.visitor);
  EXPECT_EQ(read->facet, "session");
  EXPECT_EQ(read->at, -5);
  EXPECT_EQ(read->id, "");
}

TEST(RowKeys, AreRefusedWhereTheBytesAreNone) {
  const VisitorsKey key{"visitor", "session", 5, "id"};
  EXPECT_FALSE(VisitorsKey::decode(key.partition_key() + "x", key.clustering_key()));
  EXPECT_FALSE(VisitorsKey::decode(key.partition_key(), key.clustering_key() + "x"));
  EXPECT_FALSE(VisitorsKey::decode(key.partition_key(), ""));
  EXPECT_FALSE(VisitorsKey::decode("", key.clustering_key()));
}

TEST(RowKeys, OrderDescendingColumnsNewestFirst) {
  const TransactionsByTimeKey older{0, timestamp_from_ms(1000), "a"};
  const TransactionsByTimeKey newer{0, timestamp_from_ms(2000), "a"};
  EXPECT_LT(newer.clustering_key(), older.clustering_key());
}

}  // namespace
}  // namespace bytebasket::schema
