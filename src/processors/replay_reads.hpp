// Reads of a flush that is repeated. The rows it looks at may change under it: writes of the flush
// that was interrupted can still be on their way, from a former owner who does not know yet that he
// is none, or through a store that answered `timed_out` and goes on with them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// What a row says of the rows derived from it ("The position rule" in ARCHITECTURE.md) it says of
/// how they stand when it is read or later, while a replay has read some of them before. So:
///
///  - rows of a table that is written `together` are read together too, all of a partition with one
///    question at the first need of one of them: each question may be answered by other replicas,
///    of which some do not have a write that was never finished;
///  - before the replay stores anything it looks whether all that it read still stands as it stood.
///
/// Not thread-safe.
class ReplayReads {
 public:
  explicit ReplayReads(storage::TableStore& tables) : tables_(tables) {}

  /// As TableStore::get().
  Result<std::vector<std::optional<storage::StoredRow>>> get(
      const std::vector<storage::RowKey>& keys);

  /// `unavailable` where a row stands at another position than when it was read: the replay has to
  /// begin anew.
  Status check_unchanged();

 private:
  using Partition = std::pair<storage::TableId, std::string>;
  using Rows = std::map<std::string, storage::StoredRow>;  ///< by clustering key

  Status read_whole(const std::vector<storage::RowKey>& keys);
  Result<Rows> read_rest(const Partition& partition, storage::ScanPage page) const;
  [[nodiscard]] std::optional<storage::StoredRow> held(const storage::RowKey& key) const;
  Status check_unchanged(const std::vector<storage::RowKey>& keys);

  storage::TableStore& tables_;
  std::map<Partition, Rows> whole_;  ///< partitions of tables that are written `together`
  std::map<storage::RowKey, std::optional<Position>> read_;  ///< nullopt: there was no such row
};

}  // namespace bytebasket::processors
