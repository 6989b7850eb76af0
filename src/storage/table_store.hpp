// The table store: rows by partition key and clustering key, each with the log position that wrote
// it.
//
// One interface for the embedded engine (RocksDB) and for Apache Cassandra, so it is made for the
// remote one: writes and reads are batched and answered later, reads are paged, and every call can
// fail with `unavailable` or `timed_out`. Keys and values are encoded by the generated row types of
// schema/tables.toml (see schema/tables.hpp): an engine that wants columns decodes them through the
// same declaration.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "schema/tables.hpp"

namespace bytebasket::storage {

using schema::TableId;

/// The texts of a key are UTF-8, and a partition key of one text is not empty: a key that is
/// otherwise has no row, and may be refused with `invalid_argument` by a write.
struct RowKey {
  /// From a key as its table is declared: schema::OrdersKey and the like.
  template <typename Key>
  static RowKey of(const Key& key) {
    return {Key::table, key.partition_key(), key.clustering_key()};
  }

  TableId table{};
  std::string partition;   ///< the encoded partition key: rows that share it stand together
  std::string clustering;  ///< the encoded clustering key: orders the rows of a partition
  auto operator<=>(const RowKey&) const = default;
};

/// An upsert. There are no deletes: "deleted" is a live row with an empty value, for a tombstone
/// would win over a row that is written later but is older in the log.
struct Mutation {
  RowKey key;
  std::string value;
  Position position;  ///< the version; a mutation older than the stored row is dropped silently
  std::optional<Timestamp> expires_at;  ///< retention: the row is gone from then on
};

struct StoredRow {
  std::string clustering;
  std::string value;
  Position position;
};

struct ScanRequest {
  TableId table{};
  std::string partition;
  // Both are clustering keys or the first columns of one; what is neither may be refused with
  // `invalid_argument`.
  std::string from;            ///< first clustering key, inclusive
  std::string until;           ///< exclusive; empty means to the end of the partition
  bool reverse = false;        ///< from the end (`until`) to the start (`from`)
  std::uint32_t limit = 1000;  ///< rows in this page
};

struct ScanPage {
  std::vector<StoredRow>
      rows;  ///< in clustering order (or its reverse); emptied rows are not among them
  /// Where the next page starts (`from`, or `until` when reverse); nullopt when this was the last.
  std::optional<std::string> next;
};

/// For those who compare or copy a whole table.
struct EnumerationRequest {
  TableId table{};
  std::string from;            ///< empty at first, then what the page before gave as `next`
  std::uint32_t limit = 1000;  ///< rows in this page
};

/// A row as an enumeration gives it: with its whole key, and also where it is emptied.
struct TableRow {
  RowKey key;
  std::string value;  ///< empty: the row is emptied
  Position position;
};

struct EnumerationPage {
  std::vector<TableRow> rows;
  /// Where the next page starts: bytes of the engine's own; nullopt when this was the last.
  std::optional<std::string> next;
};

/// The store. All members are thread-safe. Callbacks come from a thread of the engine, or from the
/// caller's before the call returns; they must not block.
class TableStore {
 public:
  using WriteCallback = std::function<void(Status)>;
  using GetCallback = std::function<void(Result<std::vector<std::optional<StoredRow>>>)>;
  using ScanCallback = std::function<void(Result<ScanPage>)>;
  using EnumerateCallback = std::function<void(Result<EnumerationPage>)>;
  using SwapCallback = std::function<void(Result<bool>)>;

  virtual ~TableStore() = default;

  /// True when one write() of rows in many partitions is all or nothing. Where it is false, each
  /// row is, and so are the rows of one partition of a table that is declared `together`.
  [[nodiscard]] virtual bool atomic_writes() const = 0;

  /// Upserts rows, each unless a newer position stands there. Idempotent: after `timed_out`, write
  /// again. Two writes of a row at one position must write the same bytes (what is computed up to a
  /// position is a function of the log); where they do not, one of them stays, and which one is not
  /// said. Not for guarded tables.
  virtual void write(std::vector<Mutation> mutations, WriteCallback done) = 0;

  /// One answer for each key, in their order; nullopt for rows that never were, are expired or are
  /// emptied.
  virtual void get(std::vector<RowKey> keys, GetCallback done) = 0;

  virtual void scan(ScanRequest request, ScanCallback done) = 0;

  /// All rows of a table page by page: emptied ones are among them, expired ones are not.
  /// Partitions come in an order of the engine's own, the rows of one stand together in clustering
  /// order. Not a snapshot: a row that is written meanwhile is given as it was or as it is, and one
  /// that is new may be missing; every other row is given exactly once.
  virtual void enumerate(EnumerationRequest request, EnumerateCallback done) = 0;

  /// Writes `value` only if the row's present value equals `expected` (nullopt: there is none). The
  /// answer says whether it did. For the rows of guarded tables, which are written by nothing else:
  /// no position, no expiry. After `timed_out` it may have happened or not.
  virtual void compare_and_set(RowKey key, std::optional<std::string> expected, std::string value,
                               SwapCallback done) = 0;

  /// Makes all that was written durable against a power cut (a crash of the process never loses a
  /// finished write).
  virtual Status sync() = 0;

  /// Removes expired rows' bytes. Reads never show them anyway.
  virtual Status compact() = 0;

  virtual void close() = 0;
  /// As close(), of a store that will be removed: what an engine would still write to find it in
  /// order later need not be written.
  virtual void abandon() { close(); }
};

/// `invalid_argument` where rows of the key's table are written by compare_and_set only, or never.
Status check_not_guarded(const RowKey& key);
Status check_guarded(const RowKey& key);

/// The same calls, waiting for the answer: for queries, start-up and tests.
Status write_now(TableStore& store, std::vector<Mutation> mutations);
Result<std::vector<std::optional<StoredRow>>> get_now(TableStore& store, std::vector<RowKey> keys);
Result<std::optional<StoredRow>> get_one_now(TableStore& store, RowKey key);
Result<ScanPage> scan_now(TableStore& store, ScanRequest request);
Result<EnumerationPage> enumerate_now(TableStore& store, EnumerationRequest request);
Result<bool> compare_and_set_now(TableStore& store, RowKey key, std::optional<std::string> expected,
                                 std::string value);

}  // namespace bytebasket::storage
