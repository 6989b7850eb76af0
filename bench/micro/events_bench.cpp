// How fast one core normalises and reads events. The events are of the sizes that SDKs send (400 to
// 600 bytes).
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "events/event_reader.hpp"
#include "events/normalize.hpp"

namespace bytebasket::events {
namespace {

constexpr std::size_t event_count = 1000;

/// As @segment/analytics-next sends a product view; every 20th is an order.
std::string client_event(std::size_t number) {
  const std::string id = std::to_string(100'000 + number);
  const std::string context =
      R"("context":{"library":{"name":"analytics.js","version":"next-1.66.0"},"locale":"de-DE","page":{"path":"/p/)" +
      id + R"(","url":"https://shop.example/p/)" + id +
      R"("},"userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"},"writeKey":"demo"})";
  const std::string head =
      R"({"timestamp":"2026-11-22T10:00:00.123Z","type":"track","messageId":"ajs-next-1763805600123-)" +
      id + R"(-0a1b2c3d","anonymousId":"5b2c1f4e-8a3d-4c6b-9e7f-)" + id + R"(abcdef",)";
  if (number % 20 == 19) {
    return head + R"("event":"Order Completed","properties":{"order_id":"o)" + id +
           R"(","revenue":52.4,"shipping":4.9,"tax":9.96,"currency":"EUR","products":[{"product_id":"p17","name":"Mug","category":"Kitchen","price":12.5,"quantity":2},{"product_id":"p4","name":"Lamp","category":"Home","price":27.4,"quantity":1}]},)" +
           context;
  }
  return head + R"("event":"Product Viewed","properties":{"product_id":"p)" + id +
         R"(","sku":"S-1","name":"Monopoly: 3rd Edition","category":"Games","brand":"Hasbro","price":18.99,"currency":"EUR"},)" +
         context;
}

/// The canonical events of `event_count` calls, as they follow each other in a log.
struct Canonical {
  std::string bytes;
  std::vector<std::pair<std::size_t, std::size_t>> places;

  Canonical() {
    Normalizer normalizer;
    for (std::size_t i = 0; i < event_count; ++i) {
      const auto item = normalizer.normalize(client_event(i),
                                             {.received_at = timestamp_from_ms(1'795'341'600'000)});
      for (const Normalized& event : item.events) {
        places.emplace_back(bytes.size(), event.json.size());
        bytes += event.json.view();
      }
    }
    bytes.append(64, ' ');
  }
  [[nodiscard]] std::string_view at(std::size_t i) const {
    return std::string_view(bytes).substr(places[i].first, places[i].second);
  }
};

void report(benchmark::State& state, std::size_t events, std::size_t bytes) {
  const auto rounds = static_cast<std::int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * static_cast<std::int64_t>(events));
  state.SetBytesProcessed(rounds * static_cast<std::int64_t>(bytes));
  state.counters["bytes/event"] = static_cast<double>(bytes) / static_cast<double>(events);
}

void read_canonical(benchmark::State& state) {
  const Canonical log;
  EventReader reader;
  for (auto _ : state) {
    for (std::size_t i = 0; i < log.places.size(); ++i) {
      const auto event = reader.read(log.at(i));
      benchmark::DoNotOptimize(event->time);
    }
    reader.clear();
  }
  report(state, log.places.size(), log.bytes.size());
}

void scan_for_orders(benchmark::State& state) {
  const Canonical log;
  EventReader reader;
  for (auto _ : state) {
    for (std::size_t i = 0; i < log.places.size(); ++i) {
      const auto peek = EventReader::peek(log.at(i));
      if (peek && peek->kind != EventKind::order_completed) continue;
      const auto event = reader.read(log.at(i));
      benchmark::DoNotOptimize(event->revenue);
    }
    reader.clear();
  }
  report(state, log.places.size(), log.bytes.size());
}

void normalize_one_by_one(benchmark::State& state) {
  std::vector<std::string> calls;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < event_count; ++i) bytes += calls.emplace_back(client_event(i)).size();
  Normalizer normalizer;
  const Envelope envelope{.received_at = timestamp_from_ms(1'795'341'600'000),
                          .default_source = Source::web};
  for (auto _ : state) {
    for (const std::string& call : calls)
      benchmark::DoNotOptimize(normalizer.normalize(call, envelope));
  }
  report(state, event_count, bytes);
}

void normalize_batches_of_50(benchmark::State& state) {
  std::vector<std::string> batches;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < event_count; i += 50) {
    std::string batch = R"({"batch":[)";
    for (std::size_t k = 0; k < 50; ++k) batch += (k > 0 ? "," : "") + client_event(i + k);
    bytes += batches.emplace_back(batch + R"(],"sentAt":"2026-11-22T10:00:01.000Z"})").size();
  }
  Normalizer normalizer;
  const Envelope envelope{.received_at = timestamp_from_ms(1'795'341'600'000),
                          .default_source = Source::web};
  for (auto _ : state) {
    for (const std::string& batch : batches) {
      if (!normalizer.read_body(batch)) state.SkipWithError("no JSON");
      benchmark::DoNotOptimize(normalizer.normalize_body(envelope));
    }
  }
  report(state, event_count, bytes);
}

BENCHMARK(read_canonical);
BENCHMARK(scan_for_orders);
BENCHMARK(normalize_one_by_one);
BENCHMARK(normalize_batches_of_50);

}  // namespace
}  // namespace bytebasket::events
