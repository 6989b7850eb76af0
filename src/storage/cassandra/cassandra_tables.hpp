// The tables in Apache Cassandra.
//
// Keys are typed columns, values blobs (schema/tables.toml). A row's position is its write
// timestamp, so an older writer's row loses in every replica by itself; see row_version.hpp.
#pragma once

#include <atomic>
#include <memory>

#include "base/time.hpp"
#include "storage/cassandra/cassandra_options.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::storage {

class CqlSession;
class TableStatements;

/// Calls return at once; what fails for a reason that may pass is tried again for
/// `options.retry_for`, then is `unavailable` or `timed_out`. A compare_and_set is tried once:
/// after either it may have happened.
class CassandraTables final : public TableStore {
 public:
  /// Connects to a keyspace that has the tables (see cassandra_schema.hpp): `not_found` where it
  /// lacks any. `clock` tells what is expired; the machine's when null.
  static Result<std::unique_ptr<CassandraTables>> open(const CassandraOptions& options,
                                                       const Clock* clock = nullptr);

  /// Not from a callback.
  ~CassandraTables() override;
  CassandraTables(const CassandraTables&) = delete;
  CassandraTables& operator=(const CassandraTables&) = delete;

  [[nodiscard]] bool atomic_writes() const override { return false; }
  void write(std::vector<Mutation> mutations, WriteCallback done) override;
  void get(std::vector<RowKey> keys, GetCallback done) override;
  void scan(ScanRequest request, ScanCallback done) override;
  void enumerate(EnumerationRequest request, EnumerateCallback done) override;
  void compare_and_set(RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override;
  /// Nothing to do: a finished write is in the commit logs of as many replicas as the write
  /// consistency says, each as durable as its `commitlog_sync`.
  Status sync() override;
  /// Nothing to do: Cassandra compacts by itself.
  Status compact() override;
  void close() override;

 private:
  CassandraTables(std::unique_ptr<CqlSession> session, const CassandraOptions& options,
                  const Clock* clock);
  Status check_open() const;

  const SystemClock system_clock_;
  const Clock& clock_;
  // Before the session: what is under way uses the statements.
  std::unique_ptr<TableStatements> statements_;
  std::unique_ptr<CqlSession> session_;
  std::atomic<bool> closed_ = false;
};

}  // namespace bytebasket::storage
