// What bench_cassandra_compaction writes and reads. Three tables stand for all: metrics (written
// again at every flush while their window lasts, read by range, with an expiry), orders (state rows
// of a large population, written again at random, read one by one), transactions_by_time (written
// once, the newest page read, with an expiry).
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "cases/measure.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::bench {

inline constexpr std::size_t series = 1'500;  ///< of metrics
inline constexpr std::int64_t flushes_in_minute = 2;
inline constexpr std::int64_t first_minute = 28'000'000;
inline constexpr std::uint64_t orders = 50'000;
inline constexpr std::size_t orders_in_flush = 600;
inline constexpr std::size_t transactions_in_flush = 200;
inline constexpr std::chrono::seconds lifetime{90};

inline constexpr std::array<std::string_view, 3> tables = {"metrics", "orders",
                                                           "transactions_by_time"};

inline schema::MetricsKey key_of(std::size_t which, std::string_view grain, std::int64_t minute) {
  const std::int64_t length = grain == "1m" ? 1 : grain == "1h" ? 60 : 1'440;
  const std::int64_t window = minute / length * length;
  return {"orders",
          "0123456789abcdef",
          std::string(grain),
          "product",
          window / (length * 60),
          timestamp_from_ms(window * 60'000),
          "product-" + std::to_string(which),
          0};
}

/// Bytes that do not compress, for what is stored does not either.
inline std::string some_bytes(std::string_view seed, std::int64_t flush, std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t word = hash64(seed, static_cast<std::uint64_t>(flush));
  for (char& byte : bytes) {
    word = word * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    byte = static_cast<char>(word >> 56U);
  }
  return bytes;
}

inline storage::Mutation row(schema::TableId table, std::string partition, std::string clustering,
                             std::int64_t flush, std::size_t size,
                             std::optional<Timestamp> expires) {
  std::string value = some_bytes(partition + clustering, flush, size);
  return {{table, std::move(partition), std::move(clustering)},
          std::move(value),
          {Epoch(1), Offset(flush)},
          expires};
}

/// Of each series the window of every grain that the present minute is in.
inline std::vector<storage::Mutation> metrics_of(std::int64_t flush, Timestamp now) {
  std::vector<storage::Mutation> mutations;
  for (std::size_t which = 0; which < series; ++which) {
    for (const std::string_view grain : {"1m", "1h", "1d"}) {
      const auto key = key_of(which, grain, first_minute + flush / flushes_in_minute);
      mutations.push_back(
          row(key.table, key.partition_key(), key.clustering_key(), flush, 40, now + lifetime));
    }
  }
  return mutations;
}

inline schema::OrdersKey order(std::uint64_t seed) {
  return {"order-" + std::to_string(hash64(std::to_string(seed)) % orders), "state"};
}

inline std::vector<storage::Mutation> orders_of(std::int64_t flush, Timestamp) {
  std::map<std::string, storage::Mutation> mutations;  // a row is written once at a position
  for (std::size_t i = 0; i < orders_in_flush; ++i) {
    const auto key = order(static_cast<std::uint64_t>(flush) * orders_in_flush + i);
    mutations.insert_or_assign(key.order_id, row(key.table, key.partition_key(),
                                                 key.clustering_key(), flush, 300, std::nullopt));
  }
  std::vector<storage::Mutation> listed;
  for (auto& [name, mutation] : mutations) listed.push_back(std::move(mutation));
  return listed;
}

inline std::vector<storage::Mutation> transactions_of(std::int64_t flush, Timestamp now) {
  std::vector<storage::Mutation> mutations;
  for (std::size_t i = 0; i < transactions_in_flush; ++i) {
    const schema::TransactionsByTimeKey key{
        20'000, timestamp_from_ms(flush * 1'000 + static_cast<std::int64_t>(i)),
        "transaction-" + std::to_string(i)};
    mutations.push_back(
        row(key.table, key.partition_key(), key.clustering_key(), flush, 300, now + lifetime));
  }
  return mutations;
}

inline void read_page(storage::TableStore& store, schema::TableId table, std::string partition) {
  const auto page =
      or_die(storage::scan_now(store, {table, std::move(partition), "", "", true, 1'000}));
  if (page.rows.empty()) die("rows that were written are missing");
}

/// What a dashboard and the processing ask for, of the table of that number.
inline void read(storage::TableStore& store, std::size_t table, std::int64_t flush) {
  if (table == 0) {
    const auto key = key_of(0, "1m", first_minute + flush / flushes_in_minute);
    read_page(store, key.table, key.partition_key());
  } else if (table == 1) {
    const auto key = order(static_cast<std::uint64_t>(flush) * 7'919 % orders);
    static_cast<void>(or_die(storage::get_one_now(store, storage::RowKey::of(key))));
  } else {
    const schema::TransactionsByTimeKey key{20'000, Timestamp{}, ""};
    read_page(store, key.table, key.partition_key());
  }
}

}  // namespace bytebasket::bench
