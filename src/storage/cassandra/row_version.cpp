#include "storage/cassandra/row_version.hpp"

#include <algorithm>
#include <limits>

namespace bytebasket::storage {
namespace {

constexpr int offset_bits = 48;
constexpr std::int64_t epoch_mask = 0x7FFF;

constexpr std::int64_t longest_ttl = std::int64_t{20} * 365 * 24 * 3600;
/// The last second that a 32-bit time holds, less one, which Cassandra uses for "never".
constexpr std::int64_t last_second = std::numeric_limits<std::int32_t>::max() - 1;

std::int64_t second_of(Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::int64_t write_timestamp(Position position) {
  // The position before the first record has offset -1; 0 is left for what has no position.
  const std::int64_t offset = std::clamp<std::int64_t>(position.offset.value() + 2, 0,
                                                       (std::int64_t{1} << offset_bits) - 1);
  const auto epoch = static_cast<std::int64_t>(position.epoch.value()) & epoch_mask;
  return epoch << offset_bits | offset;
}

TimeToLive time_to_live(std::optional<Timestamp> expires_at, Timestamp now) {
  if (!expires_at) return {};
  const std::int64_t expiry = second_of(*expires_at);
  const std::int64_t left = expiry - second_of(now);
  if (left <= 0) return {1, true};
  if (left > longest_ttl || expiry > last_second) return {};
  return {static_cast<std::int32_t>(left), false};
}

}  // namespace bytebasket::storage
