// Which partitions there are. Each has a place in one flat list: the embedded engine keeps its
// column families in that order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "streams/event_log.hpp"

namespace bytebasket::streams {

/// Fixed for the life of a log: the key decides the partition, so another number would split a
/// visitor in two.
class Topology {
 public:
  explicit Topology(std::int32_t user_activity_partitions);

  [[nodiscard]] std::int32_t partitions(Stream stream) const {
    return counts_[static_cast<std::size_t>(stream)];
  }
  /// The number of partitions of all streams.
  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] TopicPartition at(std::size_t index) const;
  /// nullopt where there is no such partition.
  [[nodiscard]] std::optional<std::size_t> index_of(TopicPartition where) const;
  /// The same; `invalid_argument` where there is no such partition.
  [[nodiscard]] Result<std::size_t> find(TopicPartition where) const;
  [[nodiscard]] PartitionId partition_of(Stream stream, std::string_view key) const;

 private:
  std::array<std::int32_t, stream_count> counts_;
  std::array<std::size_t, stream_count> starts_{};
  std::size_t size_ = 0;
};

}  // namespace bytebasket::streams
