// Partitions shared by the members of a Kafka consumer group.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "streams/assignment.hpp"
#include "streams/kafka/handle.hpp"
#include "streams/kafka/options.hpp"

struct rd_kafka_topic_partition_list_s;

namespace bytebasket::streams {

/// Membership only: records are read by the event log. Rebalancing is cooperative: what a member
/// keeps it goes on with. Commits go under the member's generation, so that one that was taken for
/// dead and wakes up gets `conflict`.
class GroupAssignment final : public Assignment {
 public:
  static Result<std::unique_ptr<GroupAssignment>> join(KafkaLogOptions options, std::string group,
                                                       const std::vector<Stream>& streams);
  ~GroupAssignment() override;

  [[nodiscard]] bool shared() const override { return true; }
  Result<std::optional<AssignmentChange>> poll(Milliseconds wait) override;
  Status released(const std::vector<TopicPartition>& partitions) override;
  Status commit(TopicPartition where, Offset next) override;
  void leave() override;

 private:
  GroupAssignment(KafkaLogOptions options, std::string group);

  Status subscribe(const std::vector<Stream>& streams);
  void rebalance(int code, rd_kafka_topic_partition_list_s* list);

  const KafkaLogOptions options_;
  const std::string group_;
  kafka::Handle handle_;
  std::deque<AssignmentChange> changes_;  ///< of the polling thread
  bool leaving_ = false;
};

}  // namespace bytebasket::streams
