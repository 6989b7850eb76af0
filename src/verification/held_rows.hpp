// The rows of one table in memory: one block behind the other, found by the hash of their keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/position.hpp"
#include "base/time.hpp"
#include "metrics/hash_index.hpp"
#include "storage/sorted_rows.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::verification {

/// A row takes its bytes and some fifty more, and no allocation. Views are without their table, and
/// hold until the next put() or clear(). Not thread-safe.
class HeldRows {
 public:
  [[nodiscard]] static std::uint64_t hash_of(const storage::RowKey& key);

  // Whoever knows the next keys fetches them from memory ahead of their turn, in this order.
  void prefetch_place(std::uint64_t hash) const { index_.prefetch(hash); }
  void prefetch_row(std::uint64_t hash) const;
  void prefetch_bytes(std::uint64_t hash) const;

  /// Upserts, unless a newer position stands there.
  void put(const storage::Mutation& mutation, std::uint64_t hash);
  /// Also where it is emptied or expired; nullopt where it was never put.
  [[nodiscard]] std::optional<storage::RowView> find(const storage::RowKey& key,
                                                     std::uint64_t hash) const;

  [[nodiscard]] std::size_t size() const { return size_; }
  /// In the order in which they came.
  [[nodiscard]] storage::RowView row(std::size_t number) const { return at(number).view(); }
  /// The numbers of all rows in the order of their keys.
  [[nodiscard]] std::vector<std::uint32_t> sorted() const;

  [[nodiscard]] std::size_t memory() const;
  void clear();

 private:
  static constexpr std::uint32_t npos = metrics::HashIndex::npos;
  static constexpr std::size_t chunk = 1'024;

  struct Stored {
    const char* key = nullptr;  ///< the partition key, behind it the clustering key
    char* value = nullptr;
    std::uint32_t partition_size = 0;
    std::uint32_t clustering_size = 0;
    std::uint32_t value_size = 0;
    std::uint32_t value_room = 0;
    Position position;
    std::int64_t expires_at = 0;  ///< milliseconds and one; 0 for never

    [[nodiscard]] storage::RowView view() const;
    [[nodiscard]] bool is(const storage::RowKey& other) const;
  };

  [[nodiscard]] Stored& at(std::size_t number) const {
    return chunks_[number / chunk][number % chunk];
  }
  [[nodiscard]] std::uint32_t number_of(const storage::RowKey& key, std::uint64_t hash) const;
  void set(Stored& row, const storage::Mutation& mutation);
  char* take(std::size_t bytes);

  std::vector<std::unique_ptr<Stored[]>> chunks_;
  std::size_t size_ = 0;  ///< rows in them
  metrics::HashIndex index_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t block_bytes_ = 0;  ///< of all blocks
  char* free_ = nullptr;
  std::size_t left_ = 0;  ///< in the last block
};

}  // namespace bytebasket::verification
