// Where in a log something stands. The position is the version of every row that processing writes.
#pragma once

#include <compare>
#include <cstdint>

#include "base/strong.hpp"

namespace bytebasket {

/// The place of a record in its partition, counted from 0.
using Offset = Strong<struct OffsetTag, std::int64_t>;

/// The number of a partition of a stream, from 0.
using PartitionId = Strong<struct PartitionTag, std::int32_t>;

/// One life of a stream: another topic identity (another UUID) or another number of partitions is
/// another epoch.
using Epoch = Strong<struct EpochTag, std::int32_t>;

/// "Applied up to and including `offset` of `epoch`." Ordered by epoch, then offset.
struct Position {
  Epoch epoch;
  Offset offset{-1};

  constexpr auto operator<=>(const Position&) const = default;
};

}  // namespace bytebasket
