// What every table store must do, whatever engine it is. An engine joins by instantiating
// TableStoreContract with a function that makes a StoreUnderTest.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// One store, empty at first. Destroying it removes what it stored.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  /// Opens the store: anew, or again with all it held. At most one is open at a time.
  virtual std::unique_ptr<TableStore> open() = 0;
};

/// An engine that the suite runs against.
struct StoreEngine {
  std::string name;
  std::function<std::unique_ptr<StoreUnderTest>()> make;
};
inline std::ostream& operator<<(std::ostream& out, const StoreEngine& engine) {
  return out << engine.name;
}

/// Keys of the decisions table, whose partition and clustering keys are one text each.
inline RowKey row(const std::string& partition, const std::string& clustering) {
  const schema::DecisionsKey key{partition, clustering};
  return storage::RowKey::of(key);
}

/// A key of the guarded table, whose rows are written by compare_and_set only.
inline RowKey guarded_row(std::int32_t partition) {
  const schema::FlushIntentsKey key{"stream", partition, "job"};
  return storage::RowKey::of(key);
}

inline Position at(std::int64_t offset, std::int32_t epoch = 1) {
  return {Epoch(epoch), Offset(offset)};
}

class TableStoreContract : public ::testing::TestWithParam<StoreEngine> {
 protected:
  TableStoreContract() : under_test_(GetParam().make()) { reopen(); }

  void reopen() {
    store_.reset();
    store_ = under_test_->open();
    ASSERT_NE(store_, nullptr);
  }

  TableStore& store() { return *store_; }

  void write(std::vector<Mutation> mutations) {
    const auto written = write_now(*store_, std::move(mutations));
    EXPECT_TRUE(written) << (written ? "" : written.error().message);
  }

  /// The row's value; "-" when there is none.
  std::string value(const RowKey& key) {
    const auto rows = get_now(*store_, {key});
    EXPECT_TRUE(rows) << (rows ? "" : rows.error().message);
    return rows && rows->at(0) ? rows->at(0)->value : "-";
  }

  ScanPage scan(ScanRequest request) {
    auto page = scan_now(*store_, std::move(request));
    EXPECT_TRUE(page) << (page ? "" : page.error().message);
    return page.value_or(ScanPage());
  }

  /// The values of all rows of a partition, page by page.
  std::vector<std::string> all_values(const std::string& partition, bool reverse,
                                      std::uint32_t limit) {
    ScanRequest request{
        schema::DecisionsKey::table, row(partition, "").partition, "", "", reverse, limit};
    std::vector<std::string> values;
    while (true) {
      const ScanPage page = scan(request);
      EXPECT_LE(page.rows.size(), limit);
      for (const StoredRow& found : page.rows) values.push_back(found.value);
      if (!page.next) return values;
      (reverse ? request.until : request.from) = *page.next;
    }
  }

 private:
  std::unique_ptr<StoreUnderTest> under_test_;
  std::unique_ptr<TableStore> store_;
};

/// Partition "p" with the rows a to j, and neighbours that must not show up.
class TableStoreScan : public TableStoreContract {
 protected:
  TableStoreScan() {
    std::vector<Mutation> mutations;
    for (char c = 'a'; c <= 'j'; ++c) {
      mutations.push_back({row("p", std::string(1, c)), std::string(1, c), at(1), {}});
    }
    for (const char* neighbour : {"o", "p\1", "pa", "q"}) {
      mutations.push_back({row(neighbour, "a"), "neighbour", at(1), {}});
    }
    write(std::move(mutations));
  }

  std::vector<std::string> range(const std::string& from, const std::string& until, bool reverse) {
    const auto bound = [](const std::string& text) {
      return text.empty() ? std::string() : row("p", text).clustering;
    };
    std::vector<std::string> values;
    for (const StoredRow& found : scan({schema::DecisionsKey::table, row("p", "").partition,
                                        bound(from), bound(until), reverse, 1000})
                                      .rows) {
      values.push_back(found.value);
    }
    return values;
  }
};

/// A table from end to end.
class TableStoreEnumeration : public TableStoreContract {
 protected:
  /// All rows of the table, page by page.
  std::vector<TableRow> all_rows(std::uint32_t limit, TableId table = TableId::decisions) {
    EnumerationRequest request{table, "", limit};
    std::vector<TableRow> rows;
    while (true) {
      auto page = enumerate_now(store(), request);
      EXPECT_TRUE(page) << (page ? "" : page.error().message);
      if (!page) return rows;
      EXPECT_LE(page->rows.size(), limit);
      rows.insert(rows.end(), page->rows.begin(), page->rows.end());
      if (!page->next) return rows;
      request.from = *page->next;
    }
  }
};

}  // namespace bytebasket::storage
