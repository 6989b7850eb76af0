// What the tests of verification share: a log with a small shop's traffic, tables made of it, and a
// verify over both.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metrics/definition.hpp"
#include "processors/fraud/default_rules.hpp"
#include "processors/partition_runner.hpp"
#include "processors/transactions.hpp"
#include "processors/user_activity_processor.hpp"
#include "verification/verify.hpp"

namespace bytebasket::testing {

inline std::unique_ptr<processors::Processor> make_processor(streams::TopicPartition where) {
  if (where.stream == streams::Stream::transactions)
    return std::make_unique<processors::TransactionsProcessor>(processors::TransactionsOptions{});
  return std::make_unique<processors::UserActivityProcessor>(processors::UserActivityOptions{});
}

inline std::vector<streams::TopicPartition> all_partitions(const streams::EventLog& log) {
  std::vector<streams::TopicPartition> partitions = {
      {streams::Stream::transactions, PartitionId(0)}};
  for (std::int32_t i = 0; i < log.partitions(streams::Stream::user_activity); ++i)
    partitions.push_back({streams::Stream::user_activity, PartitionId(i)});
  return partitions;
}

inline std::vector<processors::DefinitionDocument> built_in_definitions() {
  return {
      processors::DefinitionDocument::of("metrics", std::string(metrics::built_in_document())),
      processors::DefinitionDocument::of("fraud", std::string(processors::fraud::default_rules()))};
}

/// A store that fails for good in the middle of a flush.
class FailingTables final : public storage::TableStore {
 public:
  explicit FailingTables(storage::TableStore& tables) : tables_(tables) {}

  /// So many writes still succeed.
  void fail_after_levels(int levels) { left_ = levels; }

  [[nodiscard]] bool atomic_writes() const override { return tables_.atomic_writes(); }
  void write(std::vector<storage::Mutation> mutations, WriteCallback done) override {
    if (left_ && (*left_)-- <= 0) return done(fail(ErrorCode::internal, "the store is gone"));
    tables_.write(std::move(mutations), std::move(done));
  }
  void get(std::vector<storage::RowKey> keys, GetCallback done) override {
    tables_.get(std::move(keys), std::move(done));
  }
  void scan(storage::ScanRequest request, ScanCallback done) override {
    tables_.scan(std::move(request), std::move(done));
  }
  void enumerate(storage::EnumerationRequest request, EnumerateCallback done) override {
    tables_.enumerate(std::move(request), std::move(done));
  }
  void compare_and_set(storage::RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override {
    tables_.compare_and_set(std::move(key), std::move(expected), std::move(value), std::move(done));
  }
  Status sync() override { return tables_.sync(); }
  Status compact() override { return tables_.compact(); }
  void close() override {}

 private:
  storage::TableStore& tables_;
  std::optional<int> left_;
};

/// How the live tables are made: so many records to a flush, and by which definitions.
struct Processing {
  std::size_t records_a_flush = 100;
  std::vector<processors::DefinitionDocument> definitions = built_in_definitions();
};

inline std::unique_ptr<processors::PartitionRunner> make_runner(streams::EventLog& log,
                                                                storage::TableStore& tables,
                                                                streams::TopicPartition where,
                                                                const Processing& processing) {
  processors::RunnerOptions options;
  options.where = where;
  options.flush_interval = std::chrono::hours(1);
  options.max_memory = 1;  // so that every step is flushed
  options.read.max_records = processing.records_a_flush;
  options.definitions = processing.definitions;
  return std::make_unique<processors::PartitionRunner>(log, tables, make_processor(where),
                                                       std::move(options));
}

/// Processes every partition to its end, as a service does before it stops.
inline Status process_all(streams::EventLog& log, storage::TableStore& tables,
                          const Processing& processing = {}) {
  for (const auto where : all_partitions(log)) {
    const auto runner = make_runner(log, tables, where, processing);
    BB_RETURN_IF_ERROR(runner->start());
    BB_ASSIGN_OR_RETURN(const auto range, log.range(where));
    while (runner->applied().offset.next() < range.end) {
      BB_ASSIGN_OR_RETURN(const auto read, runner->step(Milliseconds(0)));
      static_cast<void>(read);
    }
    BB_RETURN_IF_ERROR(runner->flush());
  }
  return ok();
}

}  // namespace bytebasket::testing
