#include "app/engines/processor_choice.hpp"

#include <utility>

#include "processors/user_activity_processor.hpp"

namespace bytebasket::app {

std::function<std::unique_ptr<processors::Processor>(streams::TopicPartition)> processor_choice(
    const schema::Settings& settings,
    std::function<void(const processors::DecisionAnswer&)> on_decision) {
  return [&settings, on_decision = std::move(on_decision)](
             streams::TopicPartition where) -> std::unique_ptr<processors::Processor> {
    if (where.stream == streams::Stream::transactions) {
      return std::make_unique<processors::TransactionsProcessor>(processors::TransactionsOptions{
          .retention = settings.retention.transactions, .on_decision = on_decision});
    }
    return std::make_unique<processors::UserActivityProcessor>(processors::UserActivityOptions{
        .session_gap = settings.sessions.gap, .cart_retention = settings.retention.carts});
  };
}

std::vector<streams::TopicPartition> processed_partitions(const streams::EventLog& log) {
  std::vector<streams::TopicPartition> partitions;
  for (const auto stream : {streams::Stream::user_activity, streams::Stream::transactions}) {
    for (std::int32_t partition = 0; partition < log.partitions(stream); ++partition)
      partitions.push_back({stream, PartitionId(partition)});
  }
  return partitions;
}

}  // namespace bytebasket::app
