// What stands before a table store and changes something of it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// Hands every call on to another store, which must outlive it; a class made of it overrides what
/// it does otherwise. As thread-safe as that store.
class ForwardingTables : public TableStore {
 public:
  [[nodiscard]] bool atomic_writes() const override { return to_.atomic_writes(); }
  void write(std::vector<Mutation> mutations, WriteCallback done) override {
    to_.write(std::move(mutations), std::move(done));
  }
  void get(std::vector<RowKey> keys, GetCallback done) override {
    to_.get(std::move(keys), std::move(done));
  }
  void scan(ScanRequest request, ScanCallback done) override {
    to_.scan(std::move(request), std::move(done));
  }
  void enumerate(EnumerationRequest request, EnumerateCallback done) override {
    to_.enumerate(std::move(request), std::move(done));
  }
  void compare_and_set(RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override {
    to_.compare_and_set(std::move(key), std::move(expected), std::move(value), std::move(done));
  }
  Status sync() override { return to_.sync(); }
  Status compact() override { return to_.compact(); }
  void close() override { to_.close(); }
  void abandon() override { to_.abandon(); }

 protected:
  explicit ForwardingTables(TableStore& to) : to_(to) {}

 private:
  TableStore& to_;
};

}  // namespace bytebasket::storage
