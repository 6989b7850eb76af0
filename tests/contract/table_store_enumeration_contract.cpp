#include <algorithm>
#include <map>
#include <utility>

#include "contract/table_store_contract.hpp"

namespace bytebasket::storage {
namespace {

constexpr Timestamp long_ago = timestamp_from_ms(1'000'000'000'000);

std::vector<std::string> values_of(const std::vector<TableRow>& rows) {
  std::vector<std::string> values;
  for (const TableRow& row : rows) values.push_back(row.value);
  std::sort(values.begin(), values.end());
  return values;
}

TEST_P(TableStoreEnumeration, IsEmptyWhereNothingWasWritten) { EXPECT_TRUE(all_rows(10).empty()); }

TEST_P(TableStoreEnumeration, GivesEveryRowOnceWithItsKeyValueAndPosition) {
  std::map<RowKey, Mutation> written;
  for (int i = 0; i < 60; ++i) {
    // Some partitions with many rows, many with one; keys with bytes that mean something inside.
    const std::string partition = i % 3 == 0 ? std::string("a\0b", 3) : "p" + std::to_string(i);
    const Mutation mutation{row(partition, "c" + std::to_string(i)), std::to_string(i), at(i), {}};
    written[mutation.key] = mutation;
    write({mutation});
  }
  for (const std::uint32_t limit : {1U, 7U, 60U, 1000U}) {
    auto left = written;
    for (const TableRow& found : all_rows(limit)) {
      const auto expected = left.find(found.key);
      ASSERT_NE(expected, left.end()) << "a row that was not written, or twice the same";
      EXPECT_EQ(found.value, expected->second.value);
      EXPECT_EQ(found.position, expected->second.position);
      left.erase(expected);
    }
    EXPECT_TRUE(left.empty()) << left.size() << " rows are missing in pages of " << limit;
  }
}

TEST_P(TableStoreEnumeration, KeepsThePartitionsTogetherAndInClusteringOrder) {
  for (const char* clustering : {"b", "a", "c", "", "ab"}) {
    for (const char* partition : {"p", "q", "p\1", "pq"})
      write({{row(partition, clustering), "v", at(1), {}}});
  }
  std::vector<std::string> seen;
  std::string clustering;
  for (const TableRow& found : all_rows(3)) {
    if (seen.empty() || seen.back() != found.key.partition) {
      EXPECT_EQ(std::find(seen.begin(), seen.end(), found.key.partition), seen.end());
      seen.push_back(found.key.partition);
    } else {
      EXPECT_LT(clustering, found.key.clustering);
    }
    clustering = found.key.clustering;
  }
  EXPECT_EQ(seen.size(), 4U);
}

TEST_P(TableStoreEnumeration, GivesEmptiedRowsToo) {
  write({{row("p", "a"), "there", at(1), {}}, {row("p", "b"), "was there", at(1), {}}});
  write({{row("p", "b"), "", at(2), {}}});
  const auto rows = all_rows(10);
  EXPECT_EQ(values_of(rows), (std::vector<std::string>{"", "there"}));
  const auto emptied = std::find_if(rows.begin(), rows.end(),
                                    [](const TableRow& found) { return found.value.empty(); });
  ASSERT_NE(emptied, rows.end());
  EXPECT_EQ(emptied->key, row("p", "b"));
  EXPECT_EQ(emptied->position, at(2));
}

TEST_P(TableStoreEnumeration, LeavesOutExpiredRows) {
  write({{row("p", "gone"), "x", at(1), long_ago}, {row("p", "kept"), "y", at(1), {}}});
  EXPECT_EQ(values_of(all_rows(10)), std::vector<std::string>{"y"});
  EXPECT_EQ(values_of(all_rows(1)), std::vector<std::string>{"y"});
}

TEST_P(TableStoreEnumeration, GivesNoRowsOfOtherTables) {
  const schema::OrdersKey order{"p", "state"};
  write({{row("p", "a"), "decision", at(1), {}}, {storage::RowKey::of(order), "order", at(1), {}}});
  EXPECT_EQ(values_of(all_rows(10)), std::vector<std::string>{"decision"});
  EXPECT_EQ(values_of(all_rows(10, TableId::orders)), std::vector<std::string>{"order"});
  EXPECT_TRUE(all_rows(10, TableId::velocity).empty());
}

TEST_P(TableStoreEnumeration, GivesEveryOldRowOnceWhileOthersAreWritten) {
  for (int i = 0; i < 40; ++i) write({{row("p" + std::to_string(i), ""), "old", at(1), {}}});
  EnumerationRequest request{TableId::decisions, "", 4};
  int old = 0;
  for (int round = 0;; ++round) {
    const auto page = enumerate_now(store(), request);
    ASSERT_TRUE(page) << page.error().message;
    for (const TableRow& found : page->rows) old += found.value == "old" ? 1 : 0;
    if (!page->next) break;
    request.from = *page->next;
    write({{row("new" + std::to_string(round), ""), "new", at(2), {}}});
    ASSERT_LT(round, 1000) << "the enumeration does not end";
  }
  EXPECT_EQ(old, 40);
}

TEST_P(TableStoreEnumeration, AnswersWithCancelledAfterClose) {
  store().close();
  EXPECT_EQ(enumerate_now(store(), {TableId::decisions, "", 1}).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace bytebasket::storage
