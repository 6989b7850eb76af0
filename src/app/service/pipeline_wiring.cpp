#include <memory>
#include <utility>

#include "app/engines/engines.hpp"
#include "app/engines/processor_choice.hpp"
#include "app/service/service.hpp"

namespace bytebasket::app {
namespace {

/// A remote log is not asked for its end at every step.
constexpr Milliseconds remote_lag_interval{250};

}  // namespace

Result<std::unique_ptr<processors::Pipeline>> make_pipeline(
    streams::EventLog& log, storage::TableStore& tables, const schema::Settings& settings,
    const Documents& documents, Counters& counters,
    std::function<void(const processors::DecisionAnswer&)> on_decision) {
  processors::PipelineOptions options;
  options.partitions = processed_partitions(log);
  options.flush_interval = settings.processing.flush_interval;
  options.max_memory = settings.processing.memory;
  options.read.max_records = static_cast<std::size_t>(settings.processing.max_batch);
  options.retention = grain_retention(settings);
  options.definitions = documents.all;
  if (settings.streams.engine == "kafka") options.lag_interval = remote_lag_interval;
  BB_ASSIGN_OR_RETURN(auto assignment, open_assignment(settings, log, processors::consumer_group,
                                                       options.partitions));
  return std::make_unique<processors::Pipeline>(
      log, tables, processor_choice(settings, std::move(on_decision)), std::move(assignment),
      std::move(options), counters);
}

}  // namespace bytebasket::app
