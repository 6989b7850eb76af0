// Clients that read, each with at most one cursor for each partition, kept for those who go on.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "streams/event_log.hpp"
#include "streams/kafka/admin.hpp"
#include "streams/kafka/cursor.hpp"
#include "streams/kafka/options.hpp"
#include "streams/topology.hpp"

namespace bytebasket::streams::kafka {

/// Thread-safe. Several may read one partition at different places: each goes on with the cursor
/// that stands where it left off. A new place gets an unused cursor or a new client, up to
/// `options.readers_of_a_partition`; after that the cursor unused for longest is moved.
class Readers {
 public:
  Readers(const KafkaLogOptions& options, const Topology& topology, Admin& admin);

  Result<RecordBatch> read(TopicPartition where, Offset from, const ReadLimits& limits);

  /// Ends waiting reads with `cancelled`.
  void close() { closed_ = true; }

 private:
  struct Place {
    std::unique_ptr<Cursor> cursor;
    bool busy = false;
    std::chrono::steady_clock::time_point used;
  };
  /// One client.
  struct Lane {
    Handle handle;
    std::array<Topic, stream_count> topics;
    std::vector<Place> places;  ///< by the partition's index in the topology
  };

  Result<std::unique_ptr<Lane>> open_lane() const;
  /// A place for reading `where` at `from`, marked busy; its cursor may stand elsewhere.
  Result<std::pair<Lane*, Place*>> borrow(std::size_t index, Offset from);
  Status position(Lane& lane, Place& place, TopicPartition where, Offset from);
  void give_back(Place& place);

  const KafkaLogOptions& options_;
  const Topology& topology_;
  Admin& admin_;
  std::atomic<bool> closed_ = false;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace bytebasket::streams::kafka
