// Many appends become one write to the database and one fsync.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rocks/database.hpp"
#include "streams/embedded/append_queue.hpp"
#include "streams/embedded/partition.hpp"
#include "streams/topology.hpp"

namespace bytebasket::streams {

/// The partitions of a log in the order of its topology.
using Partitions = std::vector<std::unique_ptr<Partition>>;

/// Builds and writes groups of appends, one after the other. Belongs to the committing thread.
class GroupCommit {
 public:
  GroupCommit(rocks::Database& database, const Topology& topology, Partitions& partitions,
              std::size_t max_batch_bytes);
  ~GroupCommit();

  /// Gives the records of all appends their offsets and stores them with one fsync. On success
  /// readers are told; on failure nothing was acknowledged and the same offsets are given to the
  /// next records.
  Status commit(std::vector<PendingAppend>& group, Timestamp now);

 private:
  /// What a partition becomes once the group is durable, and the batch that is being filled for it.
  struct Draft {
    bool touched = false;
    PartitionTail tail;
    Offset batch_base;
    std::uint32_t batch_records = 0;
    std::string batch;  ///< room for the header, then records; keeps its memory from group to group
  };

  void add(PendingAppend& pending, Timestamp now);
  void touch(std::size_t partition, Timestamp now);
  void put_batch(std::size_t partition);

  rocks::Database& database_;
  const Topology& topology_;
  Partitions& partitions_;
  const std::size_t max_batch_bytes_;
  std::vector<Draft> drafts_;
  std::unique_ptr<rocksdb::WriteBatch> writes_;
};

}  // namespace bytebasket::streams
