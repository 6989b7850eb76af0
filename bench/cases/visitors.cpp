// Memory bounded by settings: ten million visitors processed under a cap of 512 MiB for the whole
// process.
//
//   bench_visitors [VISITORS]    (default 10,000,000)
//
// Each visitor views a product; every second one comes back after a million others, when the rows
// of the first visit have long left the memory. Another process fills the log. This one may not
// allocate more than the cap (RLIMIT_DATA), and the case fails where its peak of resident memory is
// above it.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/temporary_folder.hpp"
#include "cases/measure.hpp"
#include "cases/whole_processing.hpp"
#include "events/normalize.hpp"
#include "storage/embedded/embedded_tables.hpp"
#include "streams/embedded/embedded_log.hpp"

namespace {

using namespace bytebasket;

constexpr rlim_t cap = 512 << 20;
constexpr std::int64_t away = 1'000'000;  ///< visitors that come before one comes back

class Visits {
 public:
  Visits(streams::EventLog& log, bench::EventClock& clock, std::int64_t visitors)
      : log_(log), clock_(clock), visitors_(visitors) {}

  void append_all() {
    for (std::int64_t i = 0; i < visitors_; ++i) {
      append(i, i, "first");
      if (i >= away && i % 2 == 0) append(i - away, i, "second");
    }
    send();
  }

 private:
  void append(std::int64_t visitor, std::int64_t moment, const char* visit) {
    // All on one day.
    const Timestamp time = day_ + Milliseconds(moment * 86'000'000 / visitors_);
    const std::string number = std::to_string(visitor);
    auto item = normalizer_.normalize(
        R"({"type":"track","event":"Product Viewed","messageId":")" + number + visit +
            R"(","anonymousId":"visitor-)" + number + R"(","timestamp":")" +
            format_timestamp(time) + R"(","properties":{"product_id":"product-)" +
            std::to_string(visitor % 1000) + R"(","category":"category-)" +
            std::to_string(visitor % 20) + R"(","price":9.90,"currency":"EUR"}})",
        {.received_at = time});
    if (item.refused) bench::die(item.refused->reason);
    for (auto& event : item.events) {
      batch_.push_back({.stream = streams::Stream::user_activity,
                        .key = std::move(event.key),
                        .value = std::move(event.json),
                        .received_at = time});
    }
    clock_.set(time);
    if (batch_.size() >= 10'000) send();
  }

  void send() { bench::or_die(append_and_wait(log_, std::exchange(batch_, {}))); }

  static constexpr Timestamp day_ = timestamp_from_ms(1'767'225'600'000);

  streams::EventLog& log_;
  bench::EventClock& clock_;
  std::int64_t visitors_;
  events::Normalizer normalizer_;
  std::vector<streams::NewRecord> batch_;
};

void fill(const std::filesystem::path& folder, std::int64_t visitors) {
  bench::EventClock clock;
  auto log = bench::or_die(streams::EmbeddedLog::open({.folder = folder / "log", .clock = &clock}));
  {
    auto tables = bench::or_die(storage::EmbeddedTables::open({.folder = folder / "definitions"}));
    bench::process_all(*log, *tables, 1 << 20);
  }
  Visits(*log, clock, visitors).append_all();
  log->close();
  log.reset();
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t visitors = argc > 1 ? std::atoll(argv[1]) : 10'000'000;
  const TemporaryFolder folder = bench::or_die(TemporaryFolder::make("bench_visitors"));
  bench::apart([&] { fill(folder.path(), visitors); });

  const rlimit limit{cap, cap};
  if (setrlimit(RLIMIT_DATA, &limit) != 0) bench::die("cannot set the limit of memory");
  auto log = bench::or_die(streams::EmbeddedLog::open({.folder = folder.path() / "log"}));
  auto tables = bench::or_die(storage::EmbeddedTables::open(
      {.folder = folder.path() / "tables", .memory_bytes = 96 << 20}));
  const double before = bench::cpu_seconds();
  const auto sum = bench::process_all(*log, *tables, 96 << 20);
  const double seconds = bench::cpu_seconds() - before;
  std::printf(
      "{\"case\":\"visitors\",\"visitors\":%lld,\"events\":%llu,\"cpu_seconds\":%.3f,"
      "\"events_per_second_and_core\":%.0f,\"flushes\":%llu,\"peak_mib\":%.0f,\"cap_mib\":%.0f}\n",
      static_cast<long long>(visitors), static_cast<unsigned long long>(sum.events), seconds,
      static_cast<double>(sum.events) / seconds, static_cast<unsigned long long>(sum.flushes),
      bench::peak_mib(), static_cast<double>(cap) / (1 << 20));
  return bench::peak_mib() <= static_cast<double>(cap) / (1 << 20) ? 0 : 1;
}
