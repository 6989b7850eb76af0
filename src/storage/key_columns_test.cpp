#include "storage/key_columns.hpp"

#include <gtest/gtest.h>

namespace bytebasket::storage {
namespace {

TEST(KeyColumns, AreReadByTheDeclarationOfTheirTable) {
  schema::MetricsKey key;
  key.metric = "revenue";
  key.definition = "abc";
  key.grain = "1h";
  key.dimensions = "product";
  key.bucket = -3;
  key.window = timestamp_from_ms(1'767'225'600'000);
  key.values = std::string("p\0 7", 4);
  key.source = 65536;
  const std::vector<KeyColumn> expected = {
      {"metric", "revenue"},     {"definition", "abc"}, {"grain", "1h"},
      {"dimensions", "product"}, {"bucket", "-3"},      {"window", "2026-01-01T00:00:00Z"},
      {"values", key.values},    {"source", "65536"}};
  EXPECT_EQ(key_columns(RowKey::of(key)), expected);
}

TEST(KeyColumns, ReadDescendingTimesToo) {
  const schema::TransactionsByTimeKey key{20'000, timestamp_from_ms(1'000), "t"};
  const std::vector<KeyColumn> expected = {
      {"day", "20000"}, {"time", "1970-01-01T00:00:01Z"}, {"transaction_id", "t"}};
  EXPECT_EQ(key_columns(RowKey::of(key)), expected);
}

TEST(KeyColumns, AreNoneWhereTheBytesAreNoKey) {
  const schema::OrdersKey key{"o", "state"};
  EXPECT_FALSE(
      key_columns({schema::TableId::orders, key.partition_key() + "x", key.clustering_key()}));
  EXPECT_FALSE(key_columns({schema::TableId::orders, key.partition_key(), ""}));
}

TEST(SplitKey, FindsWhereThePartitionKeyEnds) {
  const schema::VisitorsKey key{std::string("vi\0sitor", 8), "day", 20'000, ""};
  const std::string whole = key.partition_key() + key.clustering_key();
  const auto parts = split_key(schema::TableId::visitors, whole);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->partition, key.partition_key());
  EXPECT_EQ(parts->clustering, key.clustering_key());
  EXPECT_FALSE(split_key(schema::TableId::visitors, whole + "x"));
  EXPECT_FALSE(split_key(schema::TableId::visitors, whole.substr(0, whole.size() - 1)));
  for (const std::string& text :
       {std::string(), std::string("abc"), std::string("\xFF\x01"), std::string("a\0", 2),
        std::string("a\0b", 3), std::string("a\0\xFF", 3), std::string("a\0\xFF\x01", 4)})
    EXPECT_FALSE(split_key(schema::TableId::visitors, text));
}

}  // namespace
}  // namespace bytebasket::storage
