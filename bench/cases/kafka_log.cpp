// The event log over Kafka beside bare librdkafka doing the same in the same run: messages per
// second of wall time and of CPU time, the best and the median of five rounds.
//
//   bench_kafka_log BROKERS [RECORDS]    (default 1,000,000 records of the mock shop's size)
//
// Without BROKERS nothing is measured: start a Kafka with deploy/local/servers.py. The two sides
// take turns every 100,000 records, so that the machine's other load hits both alike. Each writes
// its own topic of one partition, with the same properties and the same headers. Then both read the
// topic of ours: before that what they read is compared, record by record. Each turn of reading has
// a client of its own, whose first record is waited for before the time is taken: so nobody is
// given what was fetched in the other's turn, or fetches in it.
#include "streams/kafka/kafka_log.hpp"

#include <algorithm>
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

#include <unistd.h>

#include "base/hash.hpp"
#include "cases/bare_kafka.hpp"
#include "cases/two_sides.hpp"
#include "streams/kafka/admin.hpp"
#include "streams/kafka/record_headers.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::streams;
using namespace bytebasket::bench;

constexpr std::size_t turn = 100'000;  ///< records until it is the other's
constexpr int rounds = 5;

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

/// A log of its own that reads as the pipeline does.
class OurReader {
 public:
  OurReader(const KafkaLogOptions& options, std::size_t from)
      : next_(static_cast<std::int64_t>(from)) {
    auto log = KafkaLog::open(options);
    if (!log) die(log.error().message);
    log_ = std::move(*log);
  }

  template <typename Take>
  void read(std::size_t count, Take take) {
    const TopicPartition where{Stream::transactions, PartitionId(0)};
    for (std::size_t read = 0; read < count;) {
      const auto batch = log_->read(where, next_,
                                    {.max_records = std::min<std::size_t>(10'000, count - read),
                                     .max_wait = Milliseconds(1'000)});
      if (!batch) die(batch.error().message);
      if (batch->empty()) continue;
      for (const Record& record : batch->records()) take(record);
      read += batch->size();
      next_ = batch->records().back().offset.next();
    }
  }

 private:
  Offset next_;
  std::unique_ptr<EventLog> log_;
};

/// Both must read the same before it is measured how fast.
void compare(const KafkaLogOptions& options, std::size_t count) {
  std::uint64_t bare = 0;
  std::uint64_t ours = 0;
  const auto mix = [](std::uint64_t& sum, Offset offset, Timestamp received, std::string_view key,
                      std::string_view value) {
    sum = sum * 31 + hash64(key) + 7 * hash64(value) +
          static_cast<std::uint64_t>(offset.value() + to_ms(received));
  };
  BareReader(options, 0).read(count, [&](const rd_kafka_message_t& message) {
    const auto headers = kafka::read_headers(message);
    if (!headers) die(headers.error().message);
    mix(bare, Offset(message.offset), headers->received_at,
        {static_cast<const char*>(message.key), message.key_len},
        {static_cast<const char*>(message.payload), message.len});
  });
  OurReader(options, 0).read(count, [&](const Record& record) {
    mix(ours, record.offset, record.received_at, record.key, record.value);
  });
  if (bare != ours) die("the log gives other records than the bare client");
}

/// `count` records of a round: bare and ours, turn by turn. Each is told how many, after how many.
void run_round(std::size_t count, Side& bare, Side& ours,
               const std::function<Cost(std::size_t, std::size_t)>& bare_turn,
               const std::function<Cost(std::size_t, std::size_t)>& our_turn) {
  Cost of_bare;
  Cost of_ours;
  for (std::size_t done = 0; done < count; done += turn) {
    const std::size_t some = std::min(turn, count - done);
    of_bare += bare_turn(some, done);
    of_ours += our_turn(some, done);
  }
  bare.add(of_bare);
  ours.add(of_ours);
}

void measure_produce(const KafkaLogOptions& bare_options, EventLog& log, std::size_t count) {
  const auto records = some_records();
  BareWriter writer(bare_options);
  // Both meet their brokers before the time is taken.
  writer.write(records, call);
  produce_ours(log, records, call);
  Side bare;
  Side ours;
  for (int round = 0; round < rounds; ++round) {
    run_round(
        count, bare, ours,
        [&](std::size_t some, std::size_t) {
          return cost_of([&] { writer.write(records, some); });
        },
        [&](std::size_t some, std::size_t) {
          return cost_of([&] { produce_ours(log, records, some); });
        });
  }
  print("produce", bare, ours, count);
}

template <typename Reader, typename Take>
Cost read_turn(const KafkaLogOptions& options, std::size_t some, std::size_t from, Take take) {
  Reader reader(options, from);
  reader.read(1, take);
  return cost_of([&] { reader.read(some - 1, take); });
}

void measure_consume(const KafkaLogOptions& options, std::size_t count) {
  compare(options, count);
  Side bare;
  Side ours;
  std::size_t bytes = 0;
  for (int round = 0; round < rounds; ++round) {
    run_round(
        count, bare, ours,
        [&](std::size_t some, std::size_t from) {
          return read_turn<BareReader>(options, some, from,
                                       [&](const auto& message) { bytes += message.len; });
        },
        [&](std::size_t some, std::size_t from) {
          return read_turn<OurReader>(options, some, from,
                                      [&](const Record& record) { bytes -= record.value.size(); });
        });
  }
  if (bytes != 0) die("the log gives other bytes than the bare client");
  print("consume", bare, ours, count);
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
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) / (rounds * call) * (rounds * call)
               : 1'000'000;
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
    measure_produce(bare, **log, count / rounds);
  }
  measure_consume(ours, count);
  remove_topics(bare);
  remove_topics(ours);
  return 0;
}
