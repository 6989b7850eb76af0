#include "metrics/cell_aggregates.hpp"

namespace bytebasket::metrics {
namespace {

Int128 total_at(const std::uint64_t* words) {
  return static_cast<Int128>(static_cast<UInt128>(words[2]) << 64 | words[1]);
}

void add_to_sum(std::uint64_t* words, std::int64_t value, std::int64_t weight) {
  const Int128 total = total_at(words) + static_cast<Int128>(value) * weight;
  words[0] += static_cast<std::uint64_t>(weight);
  words[1] = static_cast<std::uint64_t>(total);
  words[2] = static_cast<std::uint64_t>(static_cast<UInt128>(total) >> 64);
}

void add_to_extreme(AggregateKind kind, std::uint64_t* words, std::int64_t value) {
  const auto before = static_cast<std::int64_t>(words[1]);
  const bool better =
      words[0] == 0 || (kind == AggregateKind::min ? value < before : value > before);
  if (better) words[1] = static_cast<std::uint64_t>(value);
  words[0] = 1;
}

}  // namespace

void CellAggregates::add(AggregateKind kind, std::uint64_t* words, std::int64_t value,
                         std::int64_t weight, std::span<const std::int64_t> bounds) {
  switch (kind) {
    case AggregateKind::count:
      words[0] += static_cast<std::uint64_t>(weight);
      return;
    case AggregateKind::sum:
      add_to_sum(words, value, weight);
      return;
    case AggregateKind::min:
    case AggregateKind::max:
      add_to_extreme(kind, words, value);
      return;
    default:
      break;
  }
  if (words[0] == 0) {
    pool_.emplace_back(kind);
    words[0] = pool_.size();
  }
  pool_[words[0] - 1].add(value, weight, bounds);
}

std::size_t CellAggregates::memory() const {
  std::size_t bytes = (pool_.capacity() - pool_.size()) * sizeof(Aggregate);
  for (const Aggregate& aggregate : pool_) bytes += aggregate.memory();
  return bytes;
}

void CellAggregates::merge_into(Aggregate& into, const std::uint64_t* words) const {
  switch (into.kind()) {
    case AggregateKind::count:
      into.merge(Aggregate(Count{static_cast<std::int64_t>(words[0])}));
      return;
    case AggregateKind::sum:
      into.merge(Aggregate(Sum{static_cast<std::int64_t>(words[0]), total_at(words)}));
      return;
    case AggregateKind::min:
      if (words[0] != 0) into.merge(Aggregate(Min{static_cast<std::int64_t>(words[1])}));
      return;
    case AggregateKind::max:
      if (words[0] != 0) into.merge(Aggregate(Max{static_cast<std::int64_t>(words[1])}));
      return;
    default:
      if (words[0] != 0) into.merge(pool_[words[0] - 1]);
  }
}

}  // namespace bytebasket::metrics
