// Tables that say which of some keys were written.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/forwarding_tables.hpp"

namespace bytebasket::verification {

/// Not thread-safe: one replay's.
class WatchedTables final : public storage::ForwardingTables {
 public:
  /// `tables` must outlive it.
  WatchedTables(storage::TableStore& tables, std::set<storage::RowKey> watched)
      : ForwardingTables(tables), watched_(std::move(watched)) {}

  /// The watched keys that were written since the last call.
  std::set<storage::RowKey> take_written() { return std::exchange(written_, {}); }

  void write(std::vector<storage::Mutation> mutations, WriteCallback done) override {
    for (const storage::Mutation& mutation : mutations) {
      if (watched_.contains(mutation.key)) written_.insert(mutation.key);
    }
    ForwardingTables::write(std::move(mutations), std::move(done));
  }

 private:
  const std::set<storage::RowKey> watched_;
  std::set<storage::RowKey> written_;
};

}  // namespace bytebasket::verification
