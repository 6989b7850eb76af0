// How the event log over Kafka is opened.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "streams/event_log.hpp"
#include "streams/kafka/handle.hpp"

namespace bytebasket::streams {

struct KafkaLogOptions {
  kafka::ClientProperties properties;  ///< at least bootstrap.servers
  /// Stands in the place of `bytebasket.` in the names of topics and groups, so that several
  /// installations can share a cluster.
  std::string prefix = "bytebasket.";
  std::int32_t user_activity_partitions = 4;
  std::int32_t replication = 1;
  std::int32_t min_insync_replicas = 1;
  /// Kafka's own retention, which waits for nobody. ByteBasket removes records itself once they are
  /// processed.
  Milliseconds topic_retention = Milliseconds::max();
  bool create_topics = true;  ///< where they are missing, when the log is opened
  /// What may be handed over and not yet acknowledged. Beyond either, append() answers
  /// `resource_exhausted`.
  std::size_t max_queued_records = 200'000;
  std::size_t max_queued_bytes = 128 << 20;
  /// A larger record is refused with `invalid_argument`.
  std::size_t max_record_bytes = 8 << 20;
  /// Where it is kept what the topics were like when they were last seen; empty for nowhere. With
  /// it the log can be opened while the cluster is away, once it has been seen: appends are
  /// answered `unavailable` until the topics have been looked at.
  std::filesystem::path seen_file;
  Milliseconds patience{5'000};  ///< of a call that asks the cluster
  /// How many reads of one partition may be kept positioned at a time (processing, the archiver, a
  /// tool…).
  std::size_t readers_of_a_partition = 4;
};

namespace kafka {

/// The topic of a stream, or the consumer group, as it is called on the cluster.
std::string topic_name(const KafkaLogOptions& options, Stream stream);
std::string group_name(const KafkaLogOptions& options, std::string_view group);

}  // namespace kafka
}  // namespace bytebasket::streams
