// The tables in this process: RocksDB. Calls do their work in the caller's thread and answer before
// they return.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "rocks/database.hpp"
#include "storage/sorted_rows.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::storage {

struct EmbeddedTablesOptions {
  std::string folder;
  /// What RocksDB may hold in memory: cached blocks, indexes and filters, and rows not yet in a
  /// table file.
  std::size_t memory_bytes = 256 << 20;
  /// False makes write() behave as a store without transactions: one write for each partition of a
  /// table, in the order of their first row. For the tests that kill the process between two of
  /// them.
  bool atomic = true;
  /// False for tables that are begun anew after a crash, or thrown away: what was written since the
  /// last sync() is lost when they are closed.
  bool survives_crash = true;
  rocks::Recovery recovery = rocks::Recovery::files;
  /// By which rows expire; the machine's clock when null. Must outlive the store and be
  /// thread-safe.
  const Clock* clock = nullptr;
};

/// One process may have the folder open at a time. A failed write (disk full: `resource_exhausted`,
/// device failed: `unavailable`) leaves the store usable: it goes on by itself once the disk takes
/// writes again, and reads never stop. A finished write survives the death of the process; sync()
/// makes it survive a power cut.
class EmbeddedTables final : public TableStore {
 public:
  /// Opens the tables in `options.folder`, or creates them there.
  static Result<std::unique_ptr<EmbeddedTables>> open(EmbeddedTablesOptions options);

  ~EmbeddedTables() override;
  EmbeddedTables(const EmbeddedTables&) = delete;
  EmbeddedTables& operator=(const EmbeddedTables&) = delete;

  [[nodiscard]] bool atomic_writes() const override { return options_.atomic; }
  void write(std::vector<Mutation> mutations, WriteCallback done) override;
  void get(std::vector<RowKey> keys, GetCallback done) override;
  void scan(ScanRequest request, ScanCallback done) override;
  void enumerate(EnumerationRequest request, EnumerateCallback done) override;
  void compare_and_set(RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override;
  /// Upserts rows that come sorted, as a file of their own: for less than half the work of
  /// write(). After an error some of them may be there.
  Status write_sorted(const NextRow& next);
  Status sync() override;
  Status compact() override;
  void close() override;
  void abandon() override;

 private:
  explicit EmbeddedTables(EmbeddedTablesOptions options);

  Status open_database();
  Status check_open() const;
  Status write_rows(const std::vector<Mutation>& mutations);
  Status write_by_partition(const std::vector<Mutation>& mutations);
  Result<std::vector<std::optional<StoredRow>>> find(const std::vector<RowKey>& keys);
  Result<ScanPage> read_page(const ScanRequest& request);
  Result<EnumerationPage> read_page(const EnumerationRequest& request);
  Result<bool> swap(const RowKey& key, const std::optional<std::string>& expected,
                    const std::string& value);

  const EmbeddedTablesOptions options_;
  const SystemClock system_clock_;
  const Clock& clock_;
  std::unique_ptr<rocks::Database> database_;
  std::mutex swap_mutex_;
  std::atomic<std::uint64_t> sorted_files_ = 0;
  std::atomic<bool> closed_ = false;
};

}  // namespace bytebasket::storage
