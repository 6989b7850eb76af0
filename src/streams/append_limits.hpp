// What an engine takes of what is appended, alike in each: records of a size, for partitions that
// there are, and no more than its queue holds.
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "streams/event_log.hpp"
#include "streams/topology.hpp"

namespace bytebasket::streams {

/// The bytes of a record.
inline std::size_t size_of(const NewRecord& record) {
  return record.key.size() + record.value.size() + record.detail.size();
}

/// The partition that a record goes to.
struct Place {
  TopicPartition where;
  std::size_t index = 0;  ///< in the topology
};

/// `invalid_argument` where the record names a partition that does not exist, or is too large.
Result<Place> place_of(const NewRecord& record, const Topology& topology,
                       std::size_t max_record_bytes);

/// Room for what is handed over and not yet durable. Not thread-safe.
class AppendRoom {
 public:
  AppendRoom(std::size_t max_records, std::size_t max_bytes)
      : max_records_(max_records), max_bytes_(max_bytes) {}

  /// `resource_exhausted` where there is none; what is empty has room for anything.
  Status take(std::size_t records, std::size_t bytes);
  void give_back(std::size_t records, std::size_t bytes) {
    records_ -= records;
    bytes_ -= bytes;
  }

 private:
  const std::size_t max_records_;
  const std::size_t max_bytes_;
  std::size_t records_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace bytebasket::streams
