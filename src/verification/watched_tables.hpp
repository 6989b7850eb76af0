// Tables that say which of some keys were written.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/table_store.hpp"

namespace bytebasket::verification {

/// Hands every call on. Not thread-safe: one replay's.
class WatchedTables final : public storage::TableStore {
 public:
  /// `tables` must outlive it.
  WatchedTables(storage::TableStore& tables, std::set<storage::RowKey> watched)
      : tables_(tables), watched_(std::move(watched)) {}

  /// The watched keys that were written since the last call.
  std::set<storage::RowKey> take_written() { return std::exchange(written_, {}); }

  [[nodiscard]] bool atomic_writes() const override { return tables_.atomic_writes(); }
  void write(std::vector<storage::Mutation> mutations, WriteCallback done) override {
    for (const storage::Mutation& mutation : mutations) {
      if (watched_.contains(mutation.key)) written_.insert(mutation.key);
    }
    tables_.write(std::move(mutations), std::move(done));
  }
  void get(std::vector<storage::RowKey> keys, GetCallback done) override {
    tables_.get(std::move(keys), std::move(done));
  }
  void scan(storage::ScanRequest request, ScanCallback done) override {
    tables_.scan(std::move(request), std::move(done));
  }
  void enumerate(storage::EnumerationRequest request, EnumerateCallback done) override {
    tables_.enumerate(std::move(request), std::move(done));
  }
  void compare_and_set(storage::RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override {
    tables_.compare_and_set(std::move(key), std::move(expected), std::move(value), std::move(done));
  }
  Status sync() override { return tables_.sync(); }
  Status compact() override { return tables_.compact(); }
  void close() override {}

 private:
  storage::TableStore& tables_;
  const std::set<storage::RowKey> watched_;
  std::set<storage::RowKey> written_;
};

}  // namespace bytebasket::verification
