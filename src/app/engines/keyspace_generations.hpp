// Which keyspace of Cassandra holds the tables: the configured one at first, and after a rebuild
// the one that was put in its place. A guarded row in the configured keyspace names it, for all
// processes.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::app {

struct KeyspaceGenerations {
  std::string current;              ///< where answers come from
  std::optional<std::string> next;  ///< where processing goes on, until it has caught up

  bool operator==(const KeyspaceGenerations&) const = default;
  /// Where rows are written.
  [[nodiscard]] const std::string& processed() const { return next ? *next : current; }
};

/// `configured` are the tables in the keyspace of that name.
Result<KeyspaceGenerations> load_generations(storage::TableStore& configured,
                                             const std::string& name);

/// False where they are no longer as `expected`.
Result<bool> replace_generations(storage::TableStore& configured, const std::string& name,
                                 const KeyspaceGenerations& expected,
                                 const KeyspaceGenerations& generations);

/// `shop` → `shop_2` → `shop_3`
std::string keyspace_after(const std::string& keyspace);

}  // namespace bytebasket::app
