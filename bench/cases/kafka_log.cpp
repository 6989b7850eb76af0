// The event log over Kafka beside bare librdkafka doing the same in the same run: messages per
// second of wall time and of CPU time.
//
//   bench_kafka_log BROKERS [RECORDS]    (default 1,000,000 records of the mock shop's size)
//
// Without BROKERS nothing is measured: start a Kafka with deploy/local/servers.py. Each side writes
// its own topic of one partition, with the same properties and the same headers; each reads all of
// its own.
#include "streams/kafka/kafka_log.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <librdkafka/rdkafka.h>
#include <sys/resource.h>
#include <unistd.h>

#include "streams/kafka/admin.hpp"
#include "streams/kafka/record_headers.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::streams;

constexpr std::size_t call = 500;  ///< records of one append()

[[noreturn]] void die(const std::string& message) {
  std::fprintf(stderr, "bench_kafka_log: %s\n", message.c_str());
  std::exit(2);
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Cost {
  double wall = 0;
  double cpu = 0;
};

Cost cost_of(const std::function<void()>& work) {
  const double cpu = cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  return {wall.count(), cpu_seconds() - cpu};
}

/// Records that look like the shop's, and compress like them.
std::vector<NewRecord> some_records() {
  std::vector<NewRecord> records;
  for (std::size_t i = 0; i < 10'000; ++i) {
    const std::string id = std::to_string(i * 7919 % 1'000'003);
    std::string value =
        R"({"type":"track","event":"Product Viewed","messageId":"m-)" + id +
        R"(","anonymousId":"v-)" + std::to_string(i % 997) +
        R"(","timestamp":"2026-01-01T00:00:00.000Z","receivedAt":"2026-01-01T00:00:01.000Z",)"
        R"("source":"web","context":{"page":{"path":"/p/)" +
        id + R"("},"campaign":{"source":"mail","name":"january"}},"properties":{"product_id":"p-)" +
        std::to_string(i % 2'003) +
        R"(","category":"garden","price":"25.100000","quantity":1,"currency":"EUR"}})";
    records.push_back({.stream = Stream::transactions,
                       .key = "v-" + std::to_string(i % 997),
                       .value = std::move(value),
                       .received_at = timestamp_from_ms(1'767'225'600'000)});
  }
  return records;
}

void count_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* delivered) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) die(rd_kafka_err2str(message->err));
  ++*static_cast<std::size_t*>(delivered);
}

void produce_bare(const KafkaLogOptions& options, const std::vector<NewRecord>& records,
                  std::size_t count) {
  std::size_t delivered = 0;
  auto conf = kafka::configure(kafka::ClientKind::producer, options.properties);
  if (!conf) die(conf.error().message);
  rd_kafka_conf_set_opaque(conf->get(), &delivered);
  rd_kafka_conf_set_dr_msg_cb(conf->get(), count_delivery);
  const auto handle = kafka::open_handle(kafka::ClientKind::producer, std::move(*conf));
  if (!handle) die(handle.error().message);
  const auto topic =
      kafka::open_topic(handle->get(), kafka::topic_name(options, Stream::transactions));
  for (std::size_t i = 0; i < count; ++i) {
    const NewRecord& record = records[i % records.size()];
    auto* headers = kafka::make_headers(record);
    const auto code = rd_kafka_producev(
        handle->get(), RD_KAFKA_V_RKT(topic->get()), RD_KAFKA_V_PARTITION(0),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()),
        RD_KAFKA_V_KEY(record.key.data(), record.key.size()), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) die(rd_kafka_err2str(code));
    // As many under way as the log allows.
    while (i - delivered > options.max_queued_records) rd_kafka_poll(handle->get(), 1);
    if (i % call == 0) rd_kafka_poll(handle->get(), 0);
  }
  while (delivered < count) rd_kafka_poll(handle->get(), 100);
}

void consume_bare(const KafkaLogOptions& options, std::size_t count) {
  auto conf = kafka::configure(kafka::ClientKind::reader, options.properties);
  const auto handle = kafka::open_handle(kafka::ClientKind::reader, std::move(*conf));
  const auto topic =
      kafka::open_topic(handle->get(), kafka::topic_name(options, Stream::transactions));
  if (rd_kafka_consume_start(topic->get(), 0, 0) != 0) die("cannot read");
  std::vector<rd_kafka_message_t*> messages(1'000);
  std::size_t bytes = 0;
  for (std::size_t read = 0; read < count;) {
    const auto got = rd_kafka_consume_batch(topic->get(), 0, 5, messages.data(), messages.size());
    for (ssize_t i = 0; i < got; ++i) {
      rd_kafka_message_t* message = messages[static_cast<std::size_t>(i)];
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        ++read;
        bytes += message->len;
      }
      rd_kafka_message_destroy(message);
    }
  }
  rd_kafka_consume_stop(topic->get(), 0);
  if (bytes == 0) die("nothing was read");
}

void produce_ours(EventLog& log, const std::vector<NewRecord>& records, std::size_t count) {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < count; i += call) {
    const auto begin = records.begin() + static_cast<std::ptrdiff_t>(i % records.size());
    std::vector<NewRecord> some(begin, begin + call);
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return i - answered < 200'000 - call; });
    }
    log.append(std::move(some), [&](const auto& result) {
      if (!result) die(result.error().message);
      const std::lock_guard lock(mutex);
      answered += call;
      changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return answered >= count; });
}

void consume_ours(EventLog& log, std::size_t count) {
  const TopicPartition where{Stream::transactions, PartitionId(0)};
  Offset next(0);
  for (std::size_t read = 0; read < count;) {
    const auto batch = log.read(where, next, {.max_wait = Milliseconds(1'000)});
    if (!batch) die(batch.error().message);
    if (batch->empty()) continue;
    read += batch->size();
    next = batch->records().back().offset.next();
  }
}

void print(const char* what, const Cost& bare, const Cost& ours, std::size_t count) {
  const auto rate = [count](double seconds) { return static_cast<double>(count) / seconds; };
  std::printf(
      "{\"case\":\"kafka_%s\",\"records\":%zu,\"bare_per_second\":%.0f,\"ours_per_second\":%.0f,"
      "\"share\":%.2f,\"bare_per_cpu_second\":%.0f,\"ours_per_cpu_second\":%.0f,"
      "\"cpu_share\":%.2f}\n",
      what, count, rate(bare.wall), rate(ours.wall), bare.wall / ours.wall, rate(bare.cpu),
      rate(ours.cpu), bare.cpu / ours.cpu);
}

void remove_topics(const KafkaLogOptions& options) {
  auto admin = kafka::Admin::open(options.properties, options.patience);
  for (std::size_t i = 0; admin && i < stream_count; ++i)
    static_cast<void>((*admin)->delete_topic(kafka::topic_name(options, static_cast<Stream>(i))));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::puts("{\"case\":\"kafka\",\"left_out\":\"no BROKERS given\"}");
    return 0;
  }
  const std::size_t count =
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) / call * call : 1'000'000;
  const auto records = some_records();
  KafkaLogOptions bare;
  bare.properties.common["bootstrap.servers"] = argv[1];
  bare.prefix = "bench" + std::to_string(::getpid()) + "-bare.";
  KafkaLogOptions ours = bare;
  ours.prefix = "bench" + std::to_string(::getpid()) + "-ours.";
  {
    // Opening makes the topics of both.
    const auto made = KafkaLog::open(bare);
    if (!made) die(made.error().message);
    const auto log = KafkaLog::open(ours);
    if (!log) die(log.error().message);
    const Cost bare_produce = cost_of([&] { produce_bare(bare, records, count); });
    const Cost our_produce = cost_of([&] { produce_ours(**log, records, count); });
    print("produce", bare_produce, our_produce, count);
    const Cost bare_consume = cost_of([&] { consume_bare(bare, count); });
    const Cost our_consume = cost_of([&] { consume_ours(**log, count); });
    print("consume", bare_consume, our_consume, count);
  }
  remove_topics(bare);
  remove_topics(ours);
  return 0;
}
