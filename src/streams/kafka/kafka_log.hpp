// The event log over Apache Kafka: each stream a topic, each record a message.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "streams/event_log.hpp"
#include "streams/kafka/options.hpp"
#include "streams/topology.hpp"

namespace bytebasket::streams {

namespace kafka {
class Admin;
class GroupPositions;
class Producer;
class Readers;
}  // namespace kafka

/// Several processes may have it open. Sizes are estimates: Kafka's client cannot ask for bytes, so
/// the mean of the newest records, uncompressed, stands for all.
class KafkaLog final : public EventLog {
 public:
  /// Opens the topics, or creates them. `conflict` when they are not as the options want them and
  /// that cannot be mended; `not_found` when they are missing and may not be created; `unavailable`
  /// when the cluster is, unless it was seen before (see KafkaLogOptions::seen_file).
  static Result<std::unique_ptr<KafkaLog>> open(KafkaLogOptions options);

  ~KafkaLog() override;
  KafkaLog(const KafkaLog&) = delete;
  KafkaLog& operator=(const KafkaLog&) = delete;

  [[nodiscard]] std::int32_t partitions(Stream stream) const override;
  void append(std::vector<NewRecord> records, AppendCallback done) override;
  Result<RecordBatch> read(TopicPartition where, Offset from, const ReadLimits& limits) override;
  Result<LogRange> range(TopicPartition where) override;
  Status commit(std::string_view group, TopicPartition where, Offset next) override;
  Result<std::optional<Offset>> committed(std::string_view group, TopicPartition where) override;
  Result<std::uint64_t> apply_retention(TopicPartition where, const LogRetention& retention,
                                        Offset keep_from, Timestamp now) override;
  Result<std::uint64_t> size_in_bytes(TopicPartition where) override;
  void close() override;

 private:
  explicit KafkaLog(KafkaLogOptions options);

  Status make_topics();
  /// Makes the topics what they should be, learns their epochs and remembers them.
  Status see_topics();
  /// Whether they were seen before as the options want them.
  [[nodiscard]] bool seen_before() const;
  void see_topics_later();
  Result<Epoch> epoch_of(Stream stream);
  void forget_epoch(Stream stream);
  Result<double> mean_bytes(TopicPartition where, const LogRange& range);

  const KafkaLogOptions options_;
  const Topology topology_;
  std::unique_ptr<kafka::Admin> admin_;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<kafka::Readers> readers_;
  std::unique_ptr<kafka::GroupPositions> positions_;
  std::mutex mutex_;
  std::array<std::optional<Epoch>, stream_count> epochs_;
  std::condition_variable changed_;  ///< closing_
  bool closing_ = false;
  std::atomic<bool> seen_ = false;  ///< the topics, since the start
  std::thread looker_;              ///< until they are
  std::atomic<bool> closed_ = false;
};

}  // namespace bytebasket::streams
