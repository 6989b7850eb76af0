// Any table store, whose place another can take while it is in use.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// Hands every call on to the store that is in place when the call begins, and keeps that one until
/// the call is answered.
class SwitchedTables final : public TableStore {
 public:
  explicit SwitchedTables(std::shared_ptr<TableStore> tables) : tables_(std::move(tables)) {}

  [[nodiscard]] std::shared_ptr<TableStore> in_place() const;
  /// Calls that begin from now on go to `tables`. Gives back the store that was in place; it is out
  /// of use once nobody else shares it.
  std::shared_ptr<TableStore> put(std::shared_ptr<TableStore> tables);

  [[nodiscard]] bool atomic_writes() const override { return in_place()->atomic_writes(); }
  void write(std::vector<Mutation> mutations, WriteCallback done) override;
  void get(std::vector<RowKey> keys, GetCallback done) override;
  void scan(ScanRequest request, ScanCallback done) override;
  void enumerate(EnumerationRequest request, EnumerateCallback done) override;
  void compare_and_set(RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override;
  Status sync() override { return in_place()->sync(); }
  Status compact() override { return in_place()->compact(); }
  void close() override { in_place()->close(); }
  void abandon() override { in_place()->abandon(); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<TableStore> tables_;  ///< shared: calls under way outlast their store's place
};

}  // namespace bytebasket::storage
