// Where things stand in the log's database: family 0 holds positions and what retention removed,
// each further one the record batches of one partition. A family of its own lets a partition's
// files be moved and dropped without rewriting.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/position.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::streams {

inline constexpr std::size_t state_family = 0;
/// The family of a partition, by its index in the topology.
constexpr std::size_t family_of(std::size_t partition) { return partition + 1; }

/// A batch's key: the offset of its first record.
inline std::string batch_key(Offset base) {
  std::string key;
  append_key_int(key, base.value());
  return key;
}

inline std::optional<Offset> parse_batch_key(std::string_view key) {
  const auto base = take_key_int(key);
  if (!base || !key.empty() || *base < 0) return std::nullopt;
  return Offset(*base);
}

inline std::string position_key(std::string_view group, TopicPartition where) {
  std::string key = "position/";
  append_key_text(key, group);
  append_key_text(key, name_of(where.stream));
  append_key_int(key, where.partition.value());
  return key;
}

/// The row that keeps a partition's end when retention has removed all of its batches.
inline std::string removed_key(TopicPartition where) {
  std::string key = "removed/";
  append_key_text(key, name_of(where.stream));
  append_key_int(key, where.partition.value());
  return key;
}

}  // namespace bytebasket::streams
