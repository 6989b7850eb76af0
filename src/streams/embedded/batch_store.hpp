// The stored batches of one partition: finding them by offset, reading records, removing the
// oldest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rocks/database.hpp"
#include "streams/embedded/partition.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::streams {

/// Head and tail of a partition, as they are found when the log is opened.
struct PartitionExtent {
  PartitionHead head;
  PartitionTail tail;
};

/// A stateless view of one partition's batches in the database. Thread-safe.
class BatchStore {
 public:
  BatchStore(rocks::Database& database, TopicPartition where, std::size_t index)
      : database_(database), where_(where), index_(index) {}

  Result<PartitionExtent> find_extent() const;

  /// Records from `from` to before `end`, within `limits`. `not_found` when `from` has been
  /// removed.
  Result<RecordBatch> read(Offset from, Offset end, const ReadLimits& limits) const;

  /// The head that `retention` asks for: a batch goes as a whole or not at all.
  Result<PartitionHead> head_after(const LogRetention& retention, const PartitionExtent& extent,
                                   Offset keep_from, Timestamp now) const;

  /// Removes the batches before `head` for good.
  Status remove_before(const PartitionHead& head, const PartitionTail& tail) const;

 private:
  Error damaged(std::string_view what) const;

  rocks::Database& database_;
  const TopicPartition where_;
  const std::size_t index_;
};

}  // namespace bytebasket::streams
