#include <algorithm>

#include "base/bytes.hpp"
#include "contract/table_store_contract.hpp"

namespace bytebasket::storage {
namespace {

const std::vector<std::string> everything = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};

TEST_P(TableStoreScan, GivesAPartitionInOrderPageByPage) {
  for (const std::uint32_t limit : {1U, 3U, 9U, 10U, 11U}) {
    EXPECT_EQ(all_values("p", false, limit), everything) << "pages of " << limit;
  }
}

TEST_P(TableStoreScan, GivesAPartitionBackwardsPageByPage) {
  auto reversed = everything;
  std::reverse(reversed.begin(), reversed.end());
  for (const std::uint32_t limit : {1U, 3U, 9U, 10U, 11U}) {
    EXPECT_EQ(all_values("p", true, limit), reversed) << "pages of " << limit;
  }
}

TEST_P(TableStoreScan, SaysThatAFullPageWasTheLastOne) {
  const auto page = scan({schema::DecisionsKey::table, row("p", "").partition, "", "", false, 10});
  EXPECT_EQ(page.rows.size(), 10U);
  EXPECT_FALSE(page.next);
}

TEST_P(TableStoreScan, StartsAtFromAndEndsBeforeUntil) {
  EXPECT_EQ(range("c", "f", false), (std::vector<std::string>{"c", "d", "e"}));
  EXPECT_EQ(range("c", "f", true), (std::vector<std::string>{"e", "d", "c"}));
  EXPECT_EQ(range("i", "", false), (std::vector<std::string>{"i", "j"}));
  EXPECT_TRUE(range("f", "c", false).empty());
  EXPECT_TRUE(range("c", "c", true).empty());
}

TEST_P(TableStoreScan, LeavesOutEmptiedRowsWithoutShorteningPages) {
  write({{row("p", "b"), "", at(2), {}},
         {row("p", "c"), "", at(2), {}},
         {row("p", "j"), "", at(2), {}}});
  const std::vector<std::string> left = {"a", "d", "e", "f", "g", "h", "i"};
  EXPECT_EQ(all_values("p", false, 2), left);
  const auto page = scan({schema::DecisionsKey::table, row("p", "").partition, "", "", false, 7});
  EXPECT_EQ(page.rows.size(), 7U);
  EXPECT_FALSE(page.next) << "only an emptied row follows";
}

TEST_P(TableStoreScan, FindsNothingInAPartitionThatIsNotThere) {
  EXPECT_TRUE(all_values("nowhere", false, 5).empty());
  EXPECT_TRUE(all_values("nowhere", true, 5).empty());
}

TEST_P(TableStoreScan, GivesTheNewestTransactionsFirst) {
  std::vector<Mutation> mutations;
  for (int i = 0; i < 5; ++i) {
    const schema::TransactionsByTimeKey key{20'000, timestamp_from_ms(1000 + i), "t"};
    mutations.push_back({storage::RowKey::of(key), std::to_string(i), at(1), {}});
  }
  const std::string partition = mutations[0].key.partition;
  write(std::move(mutations));
  const auto page = scan({schema::TransactionsByTimeKey::table, partition, "", "", false, 2});
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows[0].value, "4");
  EXPECT_EQ(page.rows[1].value, "3");
}

/// A partition whose keys have several columns, with many that share some of them.
class Several {
 public:
  Several() {
    for (const char* facet : {"a", "b"}) {
      std::string bound;
      append_key_text(bound, facet);
      bounds_.push_back(bound);
      for (const std::int64_t time : {-1, 3}) {
        std::string longer = bound;
        append_key_int(longer, time);
        bounds_.push_back(longer);
        for (const char* id : {"", "x"}) {
          keys_.push_back(schema::VisitorsKey{"v", facet, time, id}.clustering_key());
          bounds_.push_back(keys_.back());
        }
      }
    }
    std::sort(keys_.begin(), keys_.end());
  }

  [[nodiscard]] std::vector<Mutation> rows() const {
    std::vector<Mutation> rows;
    for (const std::string& key : keys_) {
      rows.push_back({{schema::VisitorsKey::table, partition(), key}, key, at(1), {}});
    }
    return rows;
  }

  [[nodiscard]] static std::string partition() {
    return schema::VisitorsKey{"v", "", 0, ""}.partition_key();
  }

  /// No bound, and every key and beginning of one.
  [[nodiscard]] const std::vector<std::string>& bounds() const { return bounds_; }

  [[nodiscard]] std::vector<std::string> between(const std::string& from, const std::string& until,
                                                 bool reverse) const {
    std::vector<std::string> found;
    for (const std::string& key : keys_) {
      if (key >= from && (until.empty() || key < until)) found.push_back(key);
    }
    if (reverse) std::reverse(found.begin(), found.end());
    return found;
  }

 private:
  std::vector<std::string> keys_;
  std::vector<std::string> bounds_{""};
};

TEST_P(TableStoreScan, KeepsToAnyBoundsOfKeysOfSeveralColumns) {
  const Several several;
  write(several.rows());
  for (const std::string& from : several.bounds()) {
    for (const std::string& until : several.bounds()) {
      for (const bool reverse : {false, true}) {
        std::vector<std::string> found;
        for (const StoredRow& row :
             scan({schema::VisitorsKey::table, Several::partition(), from, until, reverse, 1000})
                 .rows) {
          EXPECT_EQ(row.value, row.clustering);
          found.push_back(row.clustering);
        }
        EXPECT_EQ(found, several.between(from, until, reverse));
      }
    }
  }
}

TEST_P(TableStoreScan, PagesThroughKeysThatAreSortedBothWays) {
  std::vector<Mutation> mutations;
  std::vector<std::string> keys;
  std::string partition;
  for (const std::int64_t time : {1000, 1001, 1002}) {
    for (const char* transaction : {"a", "b", "c"}) {
      const schema::TransactionsByTimeKey key{20'000, timestamp_from_ms(time), transaction};
      partition = key.partition_key();
      keys.push_back(key.clustering_key());
      mutations.push_back(
          {{schema::TransactionsByTimeKey::table, partition, keys.back()}, "v", at(1), {}});
    }
  }
  std::sort(keys.begin(), keys.end());
  write(std::move(mutations));
  for (const bool reverse : {false, true}) {
    for (const std::uint32_t limit : {1U, 2U, 4U, 9U}) {
      ScanRequest request{schema::TransactionsByTimeKey::table, partition, "", "", reverse, limit};
      std::vector<std::string> found;
      for (bool more = true; more;) {
        const auto page = scan(request);
        for (const StoredRow& row : page.rows) found.push_back(row.clustering);
        more = page.next.has_value();
        if (more) (reverse ? request.until : request.from) = *page.next;
      }
      if (reverse) std::reverse(found.begin(), found.end());
      EXPECT_EQ(found, keys) << "pages of " << limit << (reverse ? " backwards" : "");
    }
  }
}

}  // namespace
}  // namespace bytebasket::storage
