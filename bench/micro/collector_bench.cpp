// What a request costs the collector's thread, from the socket to the log's door and back: CPU time
// of the server's one thread, by the events it has taken. The clients are on a thread of their own
// and are not counted; the log answers at once.
#include <array>
#include <atomic>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include "bare_server.hpp"
#include "http/server.hpp"
#include "producers/collector.hpp"

namespace bytebasket::producers {
namespace {

namespace asio = boost::asio;

constexpr std::size_t connection_count = 32;

/// Durable at once. Notes the clock of the thread that appends, which is the server's.
class DoorOfTheLog final : public streams::EventLog {
 public:
  [[nodiscard]] std::int32_t partitions(streams::Stream) const override { return 1; }
  void append(std::vector<streams::NewRecord> records, AppendCallback done) override {
    if (!known_) pthread_getcpuclockid(pthread_self(), &clock_);
    known_ = true;
    done(std::vector<streams::AppendedAt>(records.size()));
  }
  Result<streams::RecordBatch> read(streams::TopicPartition, Offset,
                                    const streams::ReadLimits&) override {
    return streams::RecordBatch();
  }
  Result<streams::LogRange> range(streams::TopicPartition) override { return streams::LogRange{}; }
  Status commit(std::string_view, streams::TopicPartition, Offset) override { return ok(); }
  Result<std::optional<Offset>> committed(std::string_view, streams::TopicPartition) override {
    return std::nullopt;
  }
  Result<std::uint64_t> apply_retention(streams::TopicPartition, const streams::LogRetention&,
                                        Offset, Timestamp) override {
    return 0;
  }
  Result<std::uint64_t> size_in_bytes(streams::TopicPartition) override { return 0; }
  void close() override {}

  /// The CPU time of the server's thread so far.
  [[nodiscard]] std::int64_t cpu_ns() const { return known_ ? bench::cpu_ns(clock_) : 0; }

 private:
  std::atomic<bool> known_{false};
  clockid_t clock_{};
};

std::string event(std::size_t number) {
  const std::string id = std::to_string(100'000 + number);
  return R"({"timestamp":"2026-11-22T10:00:00.123Z","type":"track","messageId":"ajs-next-1763805600123-)" +
         id + R"(-0a1b2c3d","anonymousId":"5b2c1f4e-8a3d-4c6b-9e7f-)" + id +
         R"(abcdef","event":"Product Viewed","properties":{"product_id":"p)" + id +
         R"(","sku":"S-1","name":"Monopoly: 3rd Edition","category":"Games","price":18.99,"currency":"EUR"},"context":{"library":)"
         R"({"name":"analytics.js","version":"next-1.66.0"},"locale":"de-DE","page":{"path":"/p/)" +
         id + R"("},"userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"}})";
}

std::string request(const std::string& path, const std::string& body) {
  return "POST " + path +
         " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: Mozilla/5.0\r\nAccept: "
         "*/*\r\nContent-Type: text/plain\r\n"
         "Origin: http://shop.example\r\nAuthorization: Basic ZGVtbzo=\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Waits for the answer without going to sleep: the client's thread is awake all the time, for
/// waking a client that sleeps on the same machine would count as the server's work.
void await_answer(asio::ip::tcp::socket& socket) {
  std::array<char, 4096> answer;
  while (::recv(socket.native_handle(), answer.data(), answer.size(), MSG_DONTWAIT) <= 0) {
  }
}

/// Sends on all connections, then reads from all, again and again; counts events by the server
/// thread's CPU time.
void send(benchmark::State& state, std::uint16_t port, const std::function<std::int64_t()>& cpu_ns,
          const std::string& message, std::size_t events_in_it) {
  asio::io_context context;
  std::vector<asio::ip::tcp::socket> sockets;
  for (std::size_t i = 0; i < connection_count; ++i) {
    sockets.emplace_back(context).connect({asio::ip::make_address("127.0.0.1"), port});
  }
  const auto round = [&] {
    for (auto& socket : sockets) asio::write(socket, asio::buffer(message));
    for (auto& socket : sockets) await_answer(socket);
  };
  round();
  const std::int64_t begin = cpu_ns();
  for (auto _ : state) {
    round();
  }
  const double seconds = static_cast<double>(cpu_ns() - begin) / 1e9;
  const double requests = static_cast<double>(state.iterations()) * connection_count;
  state.counters["requests/cpu-second"] = requests / seconds;
  state.counters["events/cpu-second"] = requests * static_cast<double>(events_in_it) / seconds;
}

void send_to_collector(benchmark::State& state, const std::string& message,
                       std::size_t events_in_it) {
  DoorOfTheLog log;
  const SystemClock clock;
  CollectorOptions options;
  options.write_keys = {{"demo", {"Demo", events::Source::web}}};
  CollectorCounters counters;
  Collector collector(log, options, clock, counters);
  http::Server server({});
  collector.add_routes(server);
  if (!server.start()) return state.SkipWithError("the server does not start");
  send(state, server.port(), [&] { return log.cpu_ns(); }, message, events_in_it);
  server.stop();
}

void send_to_bare_server(benchmark::State& state, const std::string& message,
                         std::size_t events_in_it) {
  const bench::BareServer server;
  if (!server.started()) return state.SkipWithError("the server does not start");
  send(state, server.port(), [&] { return server.cpu_ns(); }, message, events_in_it);
}

std::string single() { return request("/v1/track", event(1)); }

std::string batch_of_50() {
  std::string batch = R"({"batch":[)";
  for (std::size_t i = 0; i < 50; ++i) batch += (i > 0 ? "," : "") + event(i);
  return request("/v1/batch", batch + R"(],"sentAt":"2026-11-22T10:00:01.000Z"})");
}

void single_events(benchmark::State& state) { send_to_collector(state, single(), 1); }
void batches_of_50(benchmark::State& state) { send_to_collector(state, batch_of_50(), 50); }
void bare_single_events(benchmark::State& state) { send_to_bare_server(state, single(), 1); }
void bare_batches_of_50(benchmark::State& state) { send_to_bare_server(state, batch_of_50(), 50); }

BENCHMARK(single_events)->Unit(benchmark::kMillisecond);
BENCHMARK(bare_single_events)->Unit(benchmark::kMillisecond);
BENCHMARK(batches_of_50)->Unit(benchmark::kMillisecond);
BENCHMARK(bare_batches_of_50)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bytebasket::producers
