#include "metrics/hyperloglog.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace bytebasket::metrics {
namespace {

constexpr unsigned rank_bits = 6;
constexpr unsigned max_rank = 64 - HyperLogLog::precision + 1;  // 53
/// In memory a list of more registers takes longer to keep in order than all registers to fill.
constexpr std::size_t listed_limit = 256;
constexpr std::size_t dense_bytes = HyperLogLog::registers * rank_bits / 8;

constexpr std::uint32_t index_of(std::uint32_t entry) { return entry >> rank_bits; }
constexpr std::uint8_t rank_of(std::uint32_t entry) { return entry & ((1U << rank_bits) - 1); }

/// σ(x) = x + Σ x^(2^k) · 2^(k−1): what the registers that are still zero stand for.
double sigma(double x) {
  double y = 1;
  double z = x;
  for (double before = -1; z != before;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

/// τ(x) = ⅓ (1 − x − Σ (1 − x^(2^−k))² · 2^−k): what the registers at their highest rank stand for.
double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1;
  double z = 1 - x;
  for (double before = -1; z != before;) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

/// `counts[k]` registers have rank k.
std::int64_t estimate_of(const std::array<std::uint32_t, max_rank + 1>& counts) {
  constexpr double m = HyperLogLog::registers;
  constexpr double alpha = 0.7213475204444817;  // 1 / (2 ln 2)
  if (counts[0] == HyperLogLog::registers) return 0;
  double z = m * tau(1 - counts[max_rank] / m);
  for (unsigned k = max_rank - 1; k >= 1; --k) z = 0.5 * (z + counts[k]);
  z += m * sigma(counts[0] / m);
  return std::llround(alpha * m * m / z);
}

}  // namespace

std::uint32_t HyperLogLog::entry_of(std::uint64_t hash) {
  const auto index = static_cast<std::uint32_t>(hash >> (64 - precision));
  // The guard bit ends the run of zeros at the highest rank.
  const std::uint64_t rest = (hash << precision) | (std::uint64_t{1} << (precision - 1));
  return (index << rank_bits) | static_cast<std::uint32_t>(std::countl_zero(rest) + 1);
}

void HyperLogLog::add(std::uint64_t hash) { put(entry_of(hash)); }

void HyperLogLog::put(std::uint32_t entry) {
  if (!dense_.empty()) {
    raise(entry);
    return;
  }
  if (!pending_.empty() && pending_.back() == entry) return;
  pending_.push_back(entry);
  if (pending_.size() < 2 * sorted_ + 16) return;
  compact();
  if (sorted_ > listed_limit) densify();
}

void HyperLogLog::raise(std::uint32_t entry) {
  std::uint8_t& rank = dense_[index_of(entry)];
  rank = std::max(rank, rank_of(entry));
}

/// Sorts the entries and keeps the highest rank of each register.
void HyperLogLog::compact() const {
  if (sorted_ == pending_.size()) return;
  std::sort(pending_.begin(), pending_.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const bool last_of_register =
        i + 1 == pending_.size() || index_of(pending_[i]) != index_of(pending_[i + 1]);
    if (last_of_register) pending_[kept++] = pending_[i];
  }
  pending_.resize(kept);
  sorted_ = kept;
}

void HyperLogLog::densify() {
  dense_.assign(registers, 0);
  for (const std::uint32_t entry : pending_) raise(entry);
  pending_ = std::vector<std::uint32_t>();
  sorted_ = 0;
}

void HyperLogLog::merge(const HyperLogLog& other) {
  if (other.dense_.empty()) {
    for (const std::uint32_t entry : other.pending_) put(entry);
    return;
  }
  if (dense_.empty()) densify();
  for (std::size_t i = 0; i < registers; ++i) dense_[i] = std::max(dense_[i], other.dense_[i]);
}

std::int64_t HyperLogLog::estimate() const {
  std::array<std::uint32_t, max_rank + 1> counts{};
  if (!dense_.empty()) {
    for (const std::uint8_t rank : dense_) ++counts[rank];
  } else {
    compact();
    for (const std::uint32_t entry : pending_) ++counts[rank_of(entry)];
    counts[0] = static_cast<std::uint32_t>(registers - pending_.size());
  }
  return estimate_of(counts);
}

// Sparse: the number of registers that are not zero, then each as the distance to the one before ×
// 64 + rank. Dense: the number, then all ranks, 6 bits each. The number alone decides which of the
// two follows.
void HyperLogLog::encode(std::string& out) const {
  ByteWriter writer(out);
  if (dense_.empty()) compact();
  const std::size_t used =
      dense_.empty()
          ? pending_.size()
          : registers - static_cast<std::size_t>(std::count(dense_.begin(), dense_.end(), 0));
  writer.put_varint(used);
  if (used > sparse_limit) {
    std::vector<std::uint8_t> ranks = dense_;
    if (ranks.empty()) {
      ranks.assign(registers, 0);
      for (const std::uint32_t entry : pending_) ranks[index_of(entry)] = rank_of(entry);
    }
    for (std::size_t i = 0; i < registers; i += 4) {
      const std::uint32_t four = static_cast<std::uint32_t>(ranks[i]) |
                                 static_cast<std::uint32_t>(ranks[i + 1]) << 6 |
                                 static_cast<std::uint32_t>(ranks[i + 2]) << 12 |
                                 static_cast<std::uint32_t>(ranks[i + 3]) << 18;
      for (unsigned shift = 0; shift < 24; shift += 8)
        writer.put_u8(static_cast<std::uint8_t>(four >> shift));
    }
    return;
  }
  std::uint32_t before = 0;
  const auto list = [&](std::uint32_t index, std::uint32_t rank) {
    writer.put_varint((index - before) << rank_bits | rank);
    before = index;
  };
  for (const std::uint32_t entry : pending_) list(index_of(entry), rank_of(entry));
  for (std::uint32_t i = 0; i < dense_.size(); ++i) {
    if (dense_[i] != 0) list(i, dense_[i]);
  }
}

bool HyperLogLog::decode(ByteReader& in) {
  *this = {};
  const std::uint64_t used = in.take_varint();
  if (!in.ok() || used > registers) return false;
  if (used > sparse_limit) {
    const std::string_view bytes = in.take_raw(dense_bytes);
    if (!in.ok()) return false;
    dense_.assign(registers, 0);
    for (std::size_t i = 0; i < registers; ++i) {
      const std::size_t bit = i * rank_bits;
      std::uint32_t pair = static_cast<unsigned char>(bytes[bit / 8]);
      if (bit / 8 + 1 < bytes.size())
        pair |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[bit / 8 + 1])) << 8;
      dense_[i] = (pair >> (bit % 8)) & 0x3F;
    }
    const auto zeros = static_cast<std::uint64_t>(std::count(dense_.begin(), dense_.end(), 0));
    return *std::max_element(dense_.begin(), dense_.end()) <= max_rank && registers - zeros == used;
  }
  std::uint64_t index = 0;
  for (std::uint64_t i = 0; i < used; ++i) {
    const std::uint64_t step = in.take_varint();
    const std::uint64_t rank = step & 0x3F;
    const std::uint64_t distance = step >> rank_bits;
    if (!in.ok() || distance >= registers || (i > 0 && distance == 0) || rank == 0 ||
        rank > max_rank)
      return false;
    index += distance;
    if (index >= registers) return false;
    pending_.push_back(static_cast<std::uint32_t>(index << rank_bits | rank));
  }
  sorted_ = pending_.size();
  return true;
}

bool HyperLogLog::operator==(const HyperLogLog& other) const {
  std::string mine;
  std::string theirs;
  encode(mine);
  other.encode(theirs);
  return mine == theirs;
}

}  // namespace bytebasket::metrics
