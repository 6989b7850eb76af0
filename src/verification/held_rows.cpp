#include "verification/held_rows.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/hash.hpp"

namespace bytebasket::verification {
namespace {

constexpr std::size_t block_size = 256 << 10;

char* copy(std::string_view bytes, char* to) { return std::copy(bytes.begin(), bytes.end(), to); }

}  // namespace

std::uint64_t HeldRows::hash_of(const storage::RowKey& key) {
  return hash64(key.clustering, hash64(key.partition));
}

storage::RowView HeldRows::Stored::view() const {
  storage::RowView row;
  row.partition = {key, partition_size};
  row.clustering = {key + partition_size, clustering_size};
  row.value = {value, value_size};
  row.position = position;
  if (expires_at != 0) row.expires_at = timestamp_from_ms(expires_at - 1);
  return row;
}

bool HeldRows::Stored::is(const storage::RowKey& other) const {
  // The clustering key first: rows of one partition differ in it.
  return std::string_view(key + partition_size, clustering_size) == other.clustering &&
         std::string_view(key, partition_size) == other.partition;
}

void HeldRows::prefetch_row(std::uint64_t hash) const {
  const std::uint32_t number = index_.first_alike(hash);
  if (number != npos) __builtin_prefetch(&at(number));
}

void HeldRows::prefetch_bytes(std::uint64_t hash) const {
  const std::uint32_t number = index_.first_alike(hash);
  if (number == npos) return;
  // A value that was not replaced stands behind its key.
  constexpr std::size_t line = 64;
  const Stored& row = at(number);
  __builtin_prefetch(row.key);
  __builtin_prefetch(row.key + line);
  __builtin_prefetch(row.value);
}

std::uint32_t HeldRows::number_of(const storage::RowKey& key, std::uint64_t hash) const {
  return index_.find(hash, [&](std::uint32_t number) { return at(number).is(key); });
}

std::optional<storage::RowView> HeldRows::find(const storage::RowKey& key,
                                               std::uint64_t hash) const {
  const std::uint32_t number = number_of(key, hash);
  if (number == npos) return std::nullopt;
  return at(number).view();
}

char* HeldRows::take(std::size_t bytes) {
  if (bytes > left_) {
    const std::size_t size = std::max(bytes, block_size);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    block_bytes_ += size;
    free_ = blocks_.back().get();
    left_ = size;
  }
  left_ -= bytes;
  return std::exchange(free_, free_ + bytes);
}

void HeldRows::put(const storage::Mutation& mutation, std::uint64_t hash) {
  const std::uint32_t number = number_of(mutation.key, hash);
  if (number != npos) {
    if (mutation.position >= at(number).position) set(at(number), mutation);
    return;
  }
  const std::string& partition = mutation.key.partition;
  const std::string& clustering = mutation.key.clustering;
  const std::size_t key_size = partition.size() + clustering.size();
  char* const bytes = take(key_size + mutation.value.size());
  if (size_ % chunk == 0) chunks_.push_back(std::make_unique<Stored[]>(chunk));
  Stored& row = at(size_);
  row.key = bytes;
  row.value = copy(clustering, copy(partition, bytes));
  row.partition_size = static_cast<std::uint32_t>(partition.size());
  row.clustering_size = static_cast<std::uint32_t>(clustering.size());
  row.value_room = static_cast<std::uint32_t>(mutation.value.size());
  set(row, mutation);
  index_.insert(hash, static_cast<std::uint32_t>(size_++));
}

void HeldRows::set(Stored& row, const storage::Mutation& mutation) {
  const auto size = static_cast<std::uint32_t>(mutation.value.size());
  if (size > row.value_room) {
    // What is restated tends to grow again.
    row.value_room = size + size / 4;
    row.value = take(row.value_room);
  }
  copy(mutation.value, row.value);
  row.value_size = size;
  row.position = mutation.position;
  row.expires_at = mutation.expires_at ? to_ms(*mutation.expires_at) + 1 : 0;
}

std::vector<std::uint32_t> HeldRows::sorted() const {
  std::vector<std::uint32_t> numbers(size_);
  std::iota(numbers.begin(), numbers.end(), 0U);
  std::sort(numbers.begin(), numbers.end(), [this](std::uint32_t one, std::uint32_t other) {
    // No encoded key begins as a longer one does, so parts need no look of their own.
    const Stored& a = at(one);
    const Stored& b = at(other);
    return std::string_view(a.key, a.partition_size + a.clustering_size) <
           std::string_view(b.key, b.partition_size + b.clustering_size);
  });
  return numbers;
}

std::size_t HeldRows::memory() const {
  return block_bytes_ + chunks_.size() * chunk * sizeof(Stored) + index_.memory();
}

void HeldRows::clear() {
  chunks_.clear();
  size_ = 0;
  index_ = {};
  blocks_.clear();
  block_bytes_ = 0;
  free_ = nullptr;
  left_ = 0;
}

}  // namespace bytebasket::verification
