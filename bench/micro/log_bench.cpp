// What the embedded log costs in processor time of the whole process: appending and reading records
// of 400 bytes.
#include <condition_variable>
#include <memory>
#include <mutex>

#include <benchmark/benchmark.h>

#include "scratch_folder.hpp"
#include "streams/embedded/embedded_log.hpp"

namespace bytebasket::streams {
namespace {

std::unique_ptr<EmbeddedLog> open_log(const TemporaryFolder& folder) {
  EmbeddedLogOptions options;
  options.folder = folder.path();
  return *EmbeddedLog::open(options);
}

/// 400 bytes of a canonical event, about as compressible as one.
NewRecord sample(std::uint64_t i) {
  const std::string id = std::to_string(i * 0x9E3779B97F4A7C15ULL);
  const std::string key = "visitor-" + std::to_string(i % 10'007);
  std::string value =
      R"({"messageId":")" + id + R"(","type":"track","event":"Product Viewed","anonymousId":")" +
      key +
      R"(","timestamp":"2026-01-01T10:00:00.123Z","source":"web","properties":{"product_id":")" +
      std::to_string(i % 997) +
      R"(","category":"shoes","price":"25.100000","currency":"EUR","session":")" +
      std::to_string(i * 0xD6E8FEB86659FD93ULL) + "\"}}";
  value.resize(400 - key.size(), ' ');
  return {.key = key,
          .value = std::move(value),
          .received_at = timestamp_from_ms(1'767'261'600'000 + static_cast<std::int64_t>(i))};
}

std::vector<NewRecord> samples(std::size_t count) {
  std::vector<NewRecord> records;
  for (std::size_t i = 0; i < count; ++i) records.push_back(sample(i));
  return records;
}

/// Keeps at most `limit` appends in flight, as a server with that many connections does.
class InFlight {
 public:
  explicit InFlight(int limit) : limit_(limit) {}

  void start() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return count_ < limit_; });
    ++count_;
  }
  void finish() {
    const std::lock_guard lock(mutex_);
    --count_;
    changed_.notify_one();
  }
  void wait_for_all() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  const int limit_;
  int count_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

void append(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  const TemporaryFolder folder = bench::scratch_folder();
  const auto log = open_log(folder);
  const auto records = samples(batch);
  InFlight in_flight(static_cast<int>(std::max<std::size_t>(4, 20'000 / batch)));
  for (auto _ : state) {
    in_flight.start();
    log->append(records, [&](const auto& result) {
      if (!result) state.SkipWithError("append failed");
      in_flight.finish();
    });
  }
  in_flight.wait_for_all();
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * batch));
}
BENCHMARK(append)->Arg(1)->Arg(50)->Arg(1000)->MeasureProcessCPUTime()->UseRealTime()->MinTime(2);

void read_in_order(benchmark::State& state) {
  constexpr TopicPartition where{Stream::transactions, PartitionId(0)};
  constexpr int count = 1'000'000;
  const TemporaryFolder folder = bench::scratch_folder();
  const auto log = open_log(folder);
  auto records = samples(static_cast<std::size_t>(state.range(0)));
  for (NewRecord& record : records) record.stream = Stream::transactions;
  for (int i = 0; i < count; i += static_cast<int>(records.size())) {
    if (!append_and_wait(*log, records)) return state.SkipWithError("append failed");
  }
  Offset next(0);
  std::int64_t read = 0;
  for (auto _ : state) {
    const auto batch = log->read(where, next, {});
    if (!batch) return state.SkipWithError(batch.error().message.c_str());
    read += static_cast<std::int64_t>(batch->size());
    next = batch->empty() || batch->records().back().offset.value() + 1 >= count
               ? Offset(0)
               : batch->records().back().offset.next();
  }
  state.SetItemsProcessed(read);
}
BENCHMARK(read_in_order)->Arg(50)->Arg(1000)->MeasureProcessCPUTime()->UseRealTime()->MinTime(2);

}  // namespace
}  // namespace bytebasket::streams
