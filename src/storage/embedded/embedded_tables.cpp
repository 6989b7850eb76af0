#include "storage/embedded/embedded_tables.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "base/crash_point.hpp"
#include "base/short_text.hpp"
#include "rocks/store_folder.hpp"
#include "storage/embedded/newest_wins.hpp"
#include "storage/embedded/row_codec.hpp"
#include "storage/embedded/sorted_file.hpp"
#include "storage/embedded/table_enumeration.hpp"
#include "storage/embedded/table_scan.hpp"

namespace bytebasket::storage {
namespace {

constexpr std::size_t rows_family = 0;

/// What a batch of writes takes for a row beside its key and value: head, lengths, kind of write.
constexpr std::size_t most_around_a_row = 40;

/// Writes of one row stay side by side in a write buffer until it is flushed, and a read looks
/// through them: this bounds how many there can be.
constexpr std::size_t max_write_buffer = 16 << 20;

std::size_t write_buffer_size(std::size_t all_buffers, rocks::Recovery recovery) {
  // Nothing is written then: what was recovered is to stay in one.
  if (recovery == rocks::Recovery::memory) return all_buffers;
  return std::min(all_buffers / 2, max_write_buffer);
}

rocksdb::ColumnFamilyOptions row_options(std::size_t write_buffer, const Clock& clock,
                                         const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.checksum = rocksdb::kXXH3;
  table.block_size = 16 << 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Indexes and filters grow with the data: in the cache they are bounded like everything else.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;

  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = write_buffer;
  options.max_write_buffer_number = 4;
  options.compression = rocksdb::kLZ4Compression;
  options.level_compaction_dynamic_level_bytes = true;
  // Rows come in order of their keys: each is looked for where the last of its table was put.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  options.merge_operator = newest_position_wins();
  options.compaction_filter_factory = drop_expired_rows(clock);
  return options;
}

void add(rocksdb::WriteBatch& writes, rocksdb::ColumnFamilyHandle* family,
         const Mutation& mutation) {
  const char table = static_cast<char>(mutation.key.table);
  const std::string head = encode_row_head(mutation.position, mutation.expires_at);
  const std::array<rocksdb::Slice, 3> key = {rocksdb::Slice(&table, 1), mutation.key.partition,
                                             mutation.key.clustering};
  const std::array<rocksdb::Slice, 2> value = {head, mutation.value};
  // A WriteBatch refuses only keys and values beyond 4 GiB.
  writes.Merge(family, {key.data(), key.size()}, {value.data(), value.size()})
      .PermitUncheckedError();
}

/// A mutation and the first bytes of its key, which decide most comparisons without a look at it.
struct Place {
  std::uint64_t front;
  const Mutation* mutation;

  bool operator<(const Place& other) const {
    if (front != other.front) return front < other.front;
    const auto order = mutation->key <=> other.mutation->key;
    // Of one row's mutations the last that was handed in stays the last.
    return order != 0 ? order < 0 : mutation < other.mutation;
  }
};

/// The table and seven bytes of the partition key, ordered as keys are.
std::uint64_t front_of(const RowKey& key) {
  return static_cast<std::uint64_t>(key.table) << 56 | first_bytes(key.partition) >> 8;
}

Error unreadable(const RowKey& key) {
  return {ErrorCode::corrupt, "a stored row of table " +
                                  std::string(schema::declaration_of(key.table).name) +
                                  " cannot be read"};
}

}  // namespace

Result<std::unique_ptr<EmbeddedTables>> EmbeddedTables::open(EmbeddedTablesOptions options) {
  BB_RETURN_IF_ERROR(rocks::claim_folder(options.folder, {"tables", 1, {}}));
  std::unique_ptr<EmbeddedTables> tables(new EmbeddedTables(std::move(options)));
  BB_RETURN_IF_ERROR(tables->open_database());
  return tables;
}

EmbeddedTables::EmbeddedTables(EmbeddedTablesOptions options)
    : options_(std::move(options)),
      clock_(options_.clock != nullptr ? *options_.clock : system_clock_) {}

EmbeddedTables::~EmbeddedTables() { close(); }

Status EmbeddedTables::open_database() {
  const rocks::MemoryLimits memory{options_.memory_bytes, options_.memory_bytes / 4};
  const auto cache = rocksdb::NewLRUCache(memory.cache_bytes);
  auto options = rocks::common_options(memory, cache, options_.recovery);
  options.avoid_flush_during_shutdown = !options_.survives_crash;
  BB_ASSIGN_OR_RETURN(
      database_, rocks::Database::open(
                     options_.folder, options,
                     {{rocksdb::kDefaultColumnFamilyName,
                       row_options(write_buffer_size(memory.write_buffer_bytes, options_.recovery),
                                   clock_, cache)}}));
  return ok();
}

Status EmbeddedTables::check_open() const {
  if (closed_) return fail(ErrorCode::cancelled, "the table store is closed");
  return ok();
}

void EmbeddedTables::write(std::vector<Mutation> mutations, WriteCallback done) {
  for (const Mutation& mutation : mutations) {
    if (auto allowed = check_not_guarded(mutation.key); !allowed) return done(std::move(allowed));
  }
  done(options_.atomic ? write_rows(mutations) : write_by_partition(mutations));
}

Status EmbeddedTables::write_rows(const std::vector<Mutation>& mutations) {
  BB_RETURN_IF_ERROR(check_open());
  if (mutations.empty()) return ok();
  // In the order of their keys, each finds its place in RocksDB's write buffer beside the last one.
  std::vector<Place> sorted;
  sorted.reserve(mutations.size());
  std::size_t bytes = 0;
  for (const Mutation& mutation : mutations) {
    sorted.push_back({front_of(mutation.key), &mutation});
    bytes += mutation.key.partition.size() + mutation.key.clustering.size() +
             mutation.value.size() + most_around_a_row;
  }
  std::sort(sorted.begin(), sorted.end());
  rocksdb::WriteBatch writes(bytes);
  for (const Place& place : sorted) add(writes, database_->family(rows_family), *place.mutation);
  return database_->write(
      writes, options_.survives_crash ? rocks::Durability::process : rocks::Durability::none);
}

Status EmbeddedTables::write_by_partition(const std::vector<Mutation>& mutations) {
  BB_RETURN_IF_ERROR(check_open());
  std::vector<rocksdb::WriteBatch> writes;
  std::map<std::pair<TableId, std::string_view>, std::size_t> places;
  for (const Mutation& mutation : mutations) {
    const auto [place, is_new] =
        places.try_emplace({mutation.key.table, mutation.key.partition}, writes.size());
    if (is_new) writes.emplace_back();
    add(writes[place->second], database_->family(rows_family), mutation);
  }
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (i != 0) crash_point("tables.between_writes");
    BB_RETURN_IF_ERROR(database_->write(writes[i], rocks::Durability::process));
  }
  return ok();
}

Status EmbeddedTables::write_sorted(const NextRow& next) {
  BB_RETURN_IF_ERROR(check_open());
  const std::string file = options_.folder + "/sorted-" + std::to_string(sorted_files_++) + ".rows";
  return write_sorted_file(*database_, rows_family, file, next);
}

void EmbeddedTables::get(std::vector<RowKey> keys, GetCallback done) { done(find(keys)); }

Result<std::vector<std::optional<StoredRow>>> EmbeddedTables::find(
    const std::vector<RowKey>& keys) {
  BB_RETURN_IF_ERROR(check_open());
  std::vector<std::string> encoded;
  encoded.reserve(keys.size());
  for (const RowKey& key : keys) {
    encoded.push_back(row_key(key.table, key.partition, key.clustering));
  }
  const std::vector<rocksdb::Slice> slices(encoded.begin(), encoded.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  database_->db().MultiGet({}, database_->family(rows_family), keys.size(), slices.data(),
                           values.data(), statuses.data());

  const Timestamp now = clock_.now();
  std::vector<std::optional<StoredRow>> rows(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return fail(database_->error(statuses[i], "read"));
    const auto row = decode_row(values[i].ToStringView());
    if (!row) return fail(unreadable(keys[i]));
    if (!row->is_shown(now)) continue;
    rows[i] = StoredRow{keys[i].clustering, std::string(row->bytes), row->position};
  }
  return rows;
}

void EmbeddedTables::scan(ScanRequest request, ScanCallback done) { done(read_page(request)); }

Result<ScanPage> EmbeddedTables::read_page(const ScanRequest& request) {
  BB_RETURN_IF_ERROR(check_open());
  return scan_page(*database_, request, clock_.now());
}

void EmbeddedTables::enumerate(EnumerationRequest request, EnumerateCallback done) {
  done(read_page(request));
}

Result<EnumerationPage> EmbeddedTables::read_page(const EnumerationRequest& request) {
  BB_RETURN_IF_ERROR(check_open());
  return enumerate_page(*database_, request, clock_.now());
}

void EmbeddedTables::compare_and_set(RowKey key, std::optional<std::string> expected,
                                     std::string value, SwapCallback done) {
  done(swap(key, expected, value));
}

Result<bool> EmbeddedTables::swap(const RowKey& key, const std::optional<std::string>& expected,
                                  const std::string& value) {
  BB_RETURN_IF_ERROR(check_open());
  BB_RETURN_IF_ERROR(check_guarded(key));
  const std::lock_guard lock(swap_mutex_);
  const std::string encoded = row_key(key.table, key.partition, key.clustering);
  std::string stored;
  const auto status = database_->db().Get({}, database_->family(rows_family), encoded, &stored);
  if (!status.ok() && !status.IsNotFound()) return fail(database_->error(status, "read"));
  RowValue row;
  if (status.ok()) {
    const auto found = decode_row(stored);
    if (!found) return fail(unreadable(key));
    row = *found;
  }
  std::optional<std::string> present;
  if (row.is_shown(clock_.now())) present = std::string(row.bytes);
  if (present != expected) return false;

  // At the position that stands there, for of equal positions the last write wins.
  rocksdb::WriteBatch writes;
  add(writes, database_->family(rows_family), {key, value, row.position, std::nullopt});
  BB_RETURN_IF_ERROR(database_->write(writes, rocks::Durability::disk));
  return true;
}

Status EmbeddedTables::sync() {
  BB_RETURN_IF_ERROR(check_open());
  if (!options_.survives_crash) {
    // What stands in no write-ahead log is made durable as table files.
    const auto status = database_->db().Flush({}, database_->family(rows_family));
    if (!status.ok()) return fail(database_->error(status, "write to"));
  }
  return database_->sync();
}

Status EmbeddedTables::compact() {
  BB_RETURN_IF_ERROR(check_open());
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  // The first round puts each row together, the second sees whole rows and drops those that are
  // expired.
  for (int round = 0; round < 2; ++round) {
    const auto status =
        database_->db().CompactRange(options, database_->family(rows_family), nullptr, nullptr);
    if (!status.ok()) return fail(database_->error(status, "compact"));
  }
  return ok();
}

void EmbeddedTables::close() { closed_ = true; }

void EmbeddedTables::abandon() {
  database_->abandon();
  close();
}

}  // namespace bytebasket::storage
