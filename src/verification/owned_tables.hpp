// Scratch tables in which every row knows the partition that it was computed from.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/table_store.hpp"

namespace bytebasket::verification {

/// A stored value with its owner before it, taken apart; the view points into it.
struct OwnedValue {
  std::size_t owner = 0;
  std::string_view value;
};
/// nullopt where the row is emptied: it has no owner.
std::optional<OwnedValue> split_owner(std::string_view stored);

/// Hands every call on; what is written through it is marked with `owner`, and read without the
/// mark. Whoever wants the owners reads the tables beneath.
class OwnedTables final : public storage::TableStore {
 public:
  /// `tables` must outlive it.
  OwnedTables(storage::TableStore& tables, std::size_t owner) : tables_(tables), owner_(owner) {}

  [[nodiscard]] bool atomic_writes() const override { return tables_.atomic_writes(); }
  void write(std::vector<storage::Mutation> mutations, WriteCallback done) override;
  void get(std::vector<storage::RowKey> keys, GetCallback done) override;
  void scan(storage::ScanRequest request, ScanCallback done) override;
  void enumerate(storage::EnumerationRequest request, EnumerateCallback done) override;
  /// Not marked: the rows that guard ownership are nobody's result.
  void compare_and_set(storage::RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override;
  Status sync() override { return tables_.sync(); }
  Status compact() override { return tables_.compact(); }
  void close() override {}

 private:
  storage::TableStore& tables_;
  const std::size_t owner_;
};

}  // namespace bytebasket::verification
