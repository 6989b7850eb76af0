// Any table store, with its failures counted.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// Hands every call on. A write that fails says so in `counters.trouble` until one succeeds.
class CountedTables final : public TableStore {
 public:
  /// `counters` must outlive it.
  CountedTables(std::unique_ptr<TableStore> tables, TableCounters& counters)
      : tables_(std::move(tables)), counters_(counters) {}

  [[nodiscard]] bool atomic_writes() const override { return tables_->atomic_writes(); }
  void write(std::vector<Mutation> mutations, WriteCallback done) override;
  void get(std::vector<RowKey> keys, GetCallback done) override;
  void scan(ScanRequest request, ScanCallback done) override;
  void enumerate(EnumerationRequest request, EnumerateCallback done) override;
  void compare_and_set(RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override {
    tables_->compare_and_set(std::move(key), std::move(expected), std::move(value),
                             std::move(done));
  }
  Status sync() override { return tables_->sync(); }
  Status compact() override { return tables_->compact(); }
  void close() override { tables_->close(); }
  void abandon() override { tables_->abandon(); }

 private:
  std::unique_ptr<TableStore> tables_;
  TableCounters& counters_;
};

}  // namespace bytebasket::storage
