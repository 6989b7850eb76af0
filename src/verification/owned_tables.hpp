// Scratch tables in which every row knows the partition that it was computed from.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/forwarding_tables.hpp"

namespace bytebasket::verification {

/// A stored value with its owner before it, taken apart; the view points into it.
struct OwnedValue {
  std::size_t owner = 0;
  std::string_view value;
};
/// nullopt where the row is emptied: it has no owner.
std::optional<OwnedValue> split_owner(std::string_view stored);

/// What is written through it is marked with `owner`, and read without the mark; guarded rows are
/// nobody's result and have none. Whoever wants the owners reads the tables beneath.
class OwnedTables final : public storage::ForwardingTables {
 public:
  /// `tables` must outlive it.
  OwnedTables(storage::TableStore& tables, std::size_t owner)
      : ForwardingTables(tables), owner_(owner) {}

  void write(std::vector<storage::Mutation> mutations, WriteCallback done) override;
  void get(std::vector<storage::RowKey> keys, GetCallback done) override;
  void scan(storage::ScanRequest request, ScanCallback done) override;
  void enumerate(storage::EnumerationRequest request, EnumerateCallback done) override;

 private:
  const std::size_t owner_;
};

}  // namespace bytebasket::verification
