#include "storage/cassandra/scan_slices.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"

namespace bytebasket::storage {
namespace {

/// The WHERE clauses of a range of the table, in the order they are read, without the partition.
template <typename Key>
std::vector<std::string> clauses(const ScanRange& range) {
  const auto& table = schema::declaration_of(Key::table);
  const TableCql cql("k", table);
  const auto slices = slices_of(table, range);
  EXPECT_TRUE(slices) << (slices ? "" : slices.error().message);
  std::vector<std::string> texts;
  for (const Slice& slice : slices.value_or(std::vector<Slice>())) {
    const std::string text = cql.slice(slice.shape);
    const std::string partition = "\"" + std::string(table.partition.back().name) + "\" = ?";
    const std::size_t begin = text.find(partition) + partition.size();
    texts.push_back(text.substr(begin, text.find(" LIMIT") - begin));
  }
  return texts;
}

using Texts = std::vector<std::string>;
using schema::TransactionsByTimeKey;
using schema::VisitorsKey;

std::string visit(std::string facet, std::int64_t at, std::string id) {
  return VisitorsKey{"v", std::move(facet), at, std::move(id)}.clustering_key();
}

std::string facet(std::string_view name) {
  std::string key;
  append_key_text(key, name);
  return key;
}

TEST(ScanSlices, AWholePartitionIsOneSlice) {
  EXPECT_EQ(clauses<VisitorsKey>({}), Texts{""});
  EXPECT_EQ(clauses<VisitorsKey>({.reverse = true}),
            Texts{" ORDER BY \"facet\" DESC, \"at\" DESC, \"id\" DESC"});
}

TEST(ScanSlices, FirstColumnsBoundOneSlice) {
  EXPECT_EQ(clauses<VisitorsKey>({.from = facet("cart"), .until = facet("day")}),
            Texts{" AND \"facet\" >= ? AND \"facet\" < ?"});
}

TEST(ScanSlices, AWholeKeyIsFollowedColumnByColumn) {
  EXPECT_EQ(clauses<VisitorsKey>({.from = visit("cart", 5, "x")}),
            (Texts{" AND \"facet\" = ? AND \"at\" = ? AND \"id\" >= ?",
                   " AND \"facet\" = ? AND \"at\" > ?", " AND \"facet\" > ?"}));
  EXPECT_EQ(clauses<VisitorsKey>({.from = visit("cart", 5, "x"), .from_inclusive = false}).front(),
            " AND \"facet\" = ? AND \"at\" = ? AND \"id\" > ?");
}

TEST(ScanSlices, TheFarEndBoundsThemWhereItsColumnsAreTheSame) {
  EXPECT_EQ(clauses<VisitorsKey>({.from = visit("cart", 5, "x"), .until = visit("cart", 9, "y")}),
            (Texts{" AND \"facet\" = ? AND \"at\" = ? AND \"id\" >= ?",
                   " AND \"facet\" = ? AND \"at\" > ? AND \"at\" <= ?",
                   " AND \"facet\" > ? AND \"facet\" <= ?"}));
  // Nothing of the facet "day" lies before the facet "day".
  EXPECT_EQ(clauses<VisitorsKey>({.from = visit("cart", 5, "x"), .until = facet("day")}).size(),
            3U);
  EXPECT_EQ(clauses<VisitorsKey>({.from = visit("cart", 5, "x"), .until = facet("cart")}).size(),
            1U);
}

TEST(ScanSlices, DescendingColumnsAreComparedTheOtherWay) {
  const std::string from = TransactionsByTimeKey{1, timestamp_from_ms(9), "t"}.clustering_key();
  std::string until;
  append_key_int_descending(until, 4);
  EXPECT_EQ(clauses<TransactionsByTimeKey>({.from = from, .until = until}),
            (Texts{" AND \"time\" = ? AND \"transaction_id\" >= ?",
                   " AND \"time\" < ? AND \"time\" > ?"}));
}

TEST(ScanSlices, BackwardsTheyBeginAtTheEnd) {
  EXPECT_EQ(
      clauses<VisitorsKey>({.until = visit("cart", 5, "x"), .reverse = true}),
      (Texts{" AND \"facet\" = ? AND \"at\" = ? AND \"id\" < ? ORDER BY \"facet\" DESC, \"at\" "
             "DESC, \"id\" DESC",
             " AND \"facet\" = ? AND \"at\" < ? ORDER BY \"facet\" DESC, \"at\" DESC, \"id\" DESC",
             " AND \"facet\" < ? ORDER BY \"facet\" DESC, \"at\" DESC, \"id\" DESC"}));
}

TEST(ScanSlices, RefuseABoundThatIsNoKey) {
  const auto& table = schema::declaration_of(VisitorsKey::table);
  const auto slices = slices_of(table, {.from = "no key"});
  ASSERT_FALSE(slices);
  EXPECT_EQ(slices.error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace bytebasket::storage
