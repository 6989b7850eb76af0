#include "streams/topology.hpp"

#include "base/hash.hpp"

namespace bytebasket::streams {

Topology::Topology(std::int32_t user_activity_partitions)
    : counts_{user_activity_partitions, 1, 1, 1} {
  for (std::size_t stream = 0; stream < stream_count; ++stream) {
    starts_[stream] = size_;
    size_ += static_cast<std::size_t>(counts_[stream]);
  }
}

TopicPartition Topology::at(std::size_t index) const {
  std::size_t stream = stream_count - 1;
  while (starts_[stream] > index) --stream;
  return {static_cast<Stream>(stream),
          PartitionId(static_cast<std::int32_t>(index - starts_[stream]))};
}

std::optional<std::size_t> Topology::index_of(TopicPartition where) const {
  const auto stream = static_cast<std::size_t>(where.stream);
  const std::int32_t partition = where.partition.value();
  if (stream >= stream_count || partition < 0 || partition >= counts_[stream]) return std::nullopt;
  return starts_[stream] + static_cast<std::size_t>(partition);
}

Result<std::size_t> Topology::find(TopicPartition where) const {
  const auto index = index_of(where);
  if (!index) {
    return fail(ErrorCode::invalid_argument, "there is no partition " + to_string(where) +
                                                 ": the stream has " +
                                                 std::to_string(partitions(where.stream)));
  }
  return *index;
}

PartitionId Topology::partition_of(Stream stream, std::string_view key) const {
  const auto count = static_cast<std::uint64_t>(partitions(stream));
  return PartitionId(static_cast<std::int32_t>(count == 1 ? 0 : hash64(key) % count));
}

}  // namespace bytebasket::streams
