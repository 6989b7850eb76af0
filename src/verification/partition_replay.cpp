#include "verification/partition_replay.hpp"

#include <chrono>

namespace bytebasket::verification {
namespace {

processors::RunnerOptions runner_options(streams::TopicPartition where,
                                         const ReplayOptions& options) {
  processors::RunnerOptions runner;
  runner.where = where;
  // Nobody waits for the rows: they are written when memory asks for it, and at the end.
  runner.flush_interval = std::chrono::days(365);
  runner.max_memory = options.memory;
  runner.read.max_records = options.max_records;
  runner.retention = options.retention;
  return runner;
}

}  // namespace

PartitionReplay::PartitionReplay(History& history, storage::TableStore& tables,
                                 const ProcessorFactory& processors, streams::TopicPartition where,
                                 streams::LogRange range, const ActingDefinitions& acting,
                                 const ReplayOptions& options)
    : where_(where),
      watch_(options.watch),
      log_(history, where, range, acting),
      runner_(log_, tables, processors(where), runner_options(where, options)) {}

Status PartitionReplay::start() { return runner_.start(); }

Status PartitionReplay::advance(Position until) {
  log_.set_end(until.offset.next());
  while (runner_.applied().offset < until.offset) {
    if (watch_ != nullptr && watch_->cancelled) {
      return fail(ErrorCode::cancelled, "computing " + to_string(where_) + " again was ended");
    }
    BB_ASSIGN_OR_RETURN(const std::size_t read, runner_.step(Milliseconds(0)));
    if (read == 0) {
      return fail(ErrorCode::corrupt, to_string(where_) + " ends at offset " +
                                          std::to_string(runner_.applied().offset.next().value()) +
                                          ", but the tables were made up to offset " +
                                          std::to_string(until.offset.value()) +
                                          ": log and tables do not belong together");
    }
    if (watch_ != nullptr) watch_->records += read;
  }
  return runner_.flush();
}

}  // namespace bytebasket::verification
