// What makes "the newest position wins" and "a row expires" in Cassandra: the write timestamp and
// the TTL of its cells.
#pragma once

#include <cstdint>
#include <optional>

#include "base/position.hpp"
#include "base/time.hpp"

namespace bytebasket::storage {

/// The write timestamp of a row: it grows with the position, so of two writers the older one loses
/// by itself, in whatever order they come. An epoch has its low 15 bits in it and an offset 48:
/// within an epoch the order is exact, and so is that of small epochs. (Epochs that are identities
/// of topics, and have no order, never meet in a row: a runner refuses tables of another epoch.)
std::int64_t write_timestamp(Position position);

/// How long the row stays, in seconds, as of `now`.
struct TimeToLive {
  std::int32_t seconds = 0;  ///< 0: for ever
  bool expired = false;      ///< it is gone already
};

/// A row is gone from the second in which it expires. What would expire later than Cassandra can
/// say (20 years from now, or 2038-01-19 in a cluster compatible with version 4) stays.
TimeToLive time_to_live(std::optional<Timestamp> expires_at, Timestamp now);

}  // namespace bytebasket::storage
