// Tables of which as much is held in memory as may be; what is more goes into tables beneath.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "storage/table_store.hpp"
#include "verification/held_rows.hpp"

namespace bytebasket::verification {

/// Tables beneath others, and the way into them for many rows at once.
struct TablesBeneath {
  std::unique_ptr<storage::TableStore> tables;
  std::function<Status(const storage::NextRow&)> write_sorted;
};

/// For rows that are written, read again a few times, compared and thrown away: neither a log nor
/// files come into it while they fit. When they pass `memory_bytes` all of them are moved beneath,
/// in the order of their keys, and memory begins anew: what is restated in between is written
/// once. Writes of one row come in the order of their positions, as those of a recomputation do, so
/// what is held of a row is newer than what is beneath. Thread-safe.
class HeldTables final : public storage::TableStore {
 public:
  /// Opens the tables beneath: empty ones with atomic writes and the same clock.
  using OpenBeneath = std::function<Result<TablesBeneath>()>;

  /// `beneath` is called when it is needed first. `clock` must outlive the tables.
  HeldTables(OpenBeneath beneath, std::size_t memory_bytes, const Clock& clock);

  /// All rows of a table, emptied and expired ones too; nullptr where some were moved beneath.
  /// Nobody may write while they are looked at.
  [[nodiscard]] const HeldRows* all_rows(storage::TableId table) const;

  [[nodiscard]] bool atomic_writes() const override { return true; }
  void write(std::vector<storage::Mutation> mutations, WriteCallback done) override;
  void get(std::vector<storage::RowKey> keys, GetCallback done) override;
  // These, and sync(), move everything beneath first.
  void scan(storage::ScanRequest request, ScanCallback done) override;
  void enumerate(storage::EnumerationRequest request, EnumerateCallback done) override;
  void compare_and_set(storage::RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override;
  Status sync() override;
  Status compact() override;
  void close() override;

 private:
  using Rows = std::vector<std::optional<storage::StoredRow>>;

  [[nodiscard]] HeldRows& rows_of(storage::TableId table) {
    return held_[static_cast<std::size_t>(table)];
  }

  Status put(const std::vector<storage::Mutation>& mutations);
  Result<Rows> find(std::vector<storage::RowKey> keys);
  std::vector<std::size_t> find_held(const std::vector<storage::RowKey>& keys, Rows& rows);
  /// The tables beneath, with everything in them.
  Result<storage::TableStore*> complete_beneath();
  Status move_beneath();

  const OpenBeneath open_beneath_;
  const std::size_t memory_bytes_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<HeldRows> held_;  ///< by TableId
  /// Set once; those who look without the lock have seen it.
  TablesBeneath beneath_;
};

}  // namespace bytebasket::verification
