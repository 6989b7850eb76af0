#include <memory>
#include <vector>

#include "app/service.hpp"
#include "processors/transactions.hpp"
#include "processors/user_activity_processor.hpp"

namespace bytebasket::app {

std::unique_ptr<processors::Pipeline> make_pipeline(
    streams::EventLog& log, storage::TableStore& tables, const schema::Settings& settings,
    const Documents& documents, Counters& counters,
    std::function<void(const processors::DecisionAnswer&)> on_decision) {
  processors::PipelineOptions options;
  for (const auto stream : {streams::Stream::user_activity, streams::Stream::transactions}) {
    for (std::int32_t partition = 0; partition < log.partitions(stream); ++partition) {
      options.partitions.push_back({stream, PartitionId(partition)});
    }
  }
  options.flush_interval = settings.processing.flush_interval;
  options.max_memory = settings.processing.memory;
  options.read.max_records = static_cast<std::size_t>(settings.processing.max_batch);
  options.retention = grain_retention(settings);
  options.definitions = documents.all;

  auto processor_for =
      [&settings, on_decision = std::move(on_decision)](
          streams::TopicPartition where) -> std::unique_ptr<processors::Processor> {
    if (where.stream == streams::Stream::transactions) {
      return std::make_unique<processors::TransactionsProcessor>(processors::TransactionsOptions{
          .retention = settings.retention.transactions, .on_decision = on_decision});
    }
    return std::make_unique<processors::UserActivityProcessor>(processors::UserActivityOptions{
        .session_gap = settings.sessions.gap, .cart_retention = settings.retention.carts});
  };
  return std::make_unique<processors::Pipeline>(log, tables, std::move(processor_for),
                                                std::move(options), counters);
}

}  // namespace bytebasket::app
