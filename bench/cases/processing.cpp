// The whole processing from the embedded log with all built-in metrics: events per second and core.
//
//   bench_processing [EVENTS] [SHARE [BROKERS]]    (default 1,000,000 events of the mock shop;
//   SHARE of the memory cap, in MiB; BROKERS of a Kafka in the embedded log's place)
//
// Fills a log first (not timed), then processes every partition on one thread and counts the CPU
// seconds of the whole process, RocksDB's threads included.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "events/normalize.hpp"
#include "metrics/definition.hpp"
#include "processors/fraud/default_rules.hpp"
#include "processors/partition_runner.hpp"
#include "processors/transactions.hpp"
#include "processors/user_activity_processor.hpp"
#include "producers/shop/shop.hpp"
#include "storage/embedded/embedded_tables.hpp"
#include "streams/embedded/embedded_log.hpp"
#ifdef BYTEBASKET_KAFKA
#include "streams/kafka/kafka_log.hpp"
#endif

namespace {

using namespace bytebasket;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

[[noreturn]] void die(const Error& error) {
  std::fprintf(stderr, "bench_processing: %s\n", error.message.c_str());
  std::exit(2);
}

/// Appends `count` events of the mock shop. The shop's times become the log's: it begins `count`
/// events ago.
void fill(streams::EventLog& log, std::int64_t count) {
  // A shop that is worth measuring: 2,000 events a second on average.
  auto shop =
      producers::shop::Shop::create({.start = timestamp_from_ms(1'767'225'600'000),
                                     .visits_per_day = producers::shop::visits_per_day_for(2'000),
                                     .returning_visitors = 2'000'000});
  if (!shop) die(shop.error());
  events::Normalizer normalizer;
  producers::shop::SentEvent sent;
  std::vector<streams::NewRecord> batch;
  const auto send = [&] {
    if (auto appended = append_and_wait(log, std::move(batch)); !appended) die(appended.error());
    batch.clear();
  };
  for (std::int64_t i = 0; i < count; ++i) {
    shop->next(sent);
    auto item = normalizer.normalize(sent.json, {.received_at = sent.received_at});
    for (auto& event : item.events) {
      batch.push_back({.stream = event.transaction ? streams::Stream::transactions
                                                   : streams::Stream::user_activity,
                       .key = std::move(event.key),
                       .value = std::move(event.json),
                       .received_at = sent.received_at});
    }
    if (batch.size() >= 5000) send();
  }
  send();
}

std::unique_ptr<processors::Processor> processor_for(streams::TopicPartition where) {
  if (where.stream == streams::Stream::transactions) {
    return std::make_unique<processors::TransactionsProcessor>(processors::TransactionsOptions{});
  }
  return std::make_unique<processors::UserActivityProcessor>(processors::UserActivityOptions{});
}

/// Processes one partition to its end.
processors::RunnerProgress process(streams::EventLog& log, storage::TableStore& tables,
                                   streams::TopicPartition where, std::size_t memory) {
  processors::PartitionRunner runner(
      log, tables, processor_for(where),
      {.where = where,
       // As an import or a rebuild runs: flushed when memory asks for it.
       .flush_interval = std::chrono::minutes(1),
       .max_memory = memory,
       .definitions = {
           processors::DefinitionDocument::of("metrics", std::string(metrics::built_in_document())),
           processors::DefinitionDocument::of("fraud",
                                              std::string(processors::fraud::default_rules()))}});
  if (auto started = runner.start(); !started) die(started.error());
  const auto range = log.range(where);
  while (runner.applied().offset.next() < range->end) {
    if (auto stepped = runner.step(Milliseconds(0)); !stepped) die(stepped.error());
  }
  if (auto flushed = runner.flush(); !flushed) die(flushed.error());
  return runner.progress();
}

Result<std::unique_ptr<streams::EventLog>> open_log(const std::filesystem::path& folder,
                                                    const std::string& brokers) {
  if (brokers.empty()) {
    BB_ASSIGN_OR_RETURN(auto log, streams::EmbeddedLog::open({.folder = folder}));
    return log;
  }
#ifdef BYTEBASKET_KAFKA
  streams::KafkaLogOptions options;
  options.properties.common["bootstrap.servers"] = brokers;
  options.prefix = "bench" + std::to_string(::getpid()) + ".";
  BB_ASSIGN_OR_RETURN(auto log, streams::KafkaLog::open(options));
  return log;
#else
  return fail(ErrorCode::invalid_argument, "built without Kafka");
#endif
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t count = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const std::size_t memory = (argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 256) << 20;
  const auto folder =
      std::filesystem::temp_directory_path() / ("bench_processing." + std::to_string(::getpid()));
  {
    // The log's definitions must stand before its events, as in a running service.
    auto log = open_log(folder / "log", argc > 3 ? argv[3] : "");
    if (!log) die(log.error());
    auto tables = storage::EmbeddedTables::open({.folder = folder / "tables"});
    if (!tables) die(tables.error());
    std::vector<streams::TopicPartition> partitions = {
        {streams::Stream::transactions, PartitionId(0)}};
    for (std::int32_t i = 0; i < (*log)->partitions(streams::Stream::user_activity); ++i) {
      partitions.push_back({streams::Stream::user_activity, PartitionId(i)});
    }
    for (const auto where : partitions) process(**log, **tables, where, memory);
    fill(**log, count);
    const double filled = cpu_seconds();
    processors::RunnerProgress sum;
    for (const auto where : partitions) {
      const auto progress = process(**log, **tables, where, memory);
      sum.events += progress.events;
      sum.rows_written += progress.rows_written;
      sum.flushes += progress.flushes;
    }
    const double seconds = cpu_seconds() - filled;
    std::printf(
        "{\"case\":\"processing\",\"events\":%llu,\"cpu_seconds\":%.3f,\"events_per_second_and_"
        "core\":%.0f,"
        "\"rows_written\":%llu,\"flushes\":%llu,\"peak_mib\":%.0f}\n",
        static_cast<unsigned long long>(sum.events), seconds,
        static_cast<double>(sum.events) / seconds,
        static_cast<unsigned long long>(sum.rows_written),
        static_cast<unsigned long long>(sum.flushes), peak_mib());
  }
  std::filesystem::remove_all(folder);
  return 0;
}
