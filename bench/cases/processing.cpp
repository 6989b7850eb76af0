// The whole processing from the embedded log with all built-in metrics: events per second and core.
//
//   bench_processing [EVENTS] [MIB] [BROKERS] [FOLDER] [HOUR] [METRICS]
//
// EVENTS of the mock shop (default 1,000,000) are put into a log by another process, then every
// partition is processed on one thread within MIB of processing memory (default 256), counting the
// CPU seconds of the whole process, RocksDB's threads included. BROKERS are of
// a Kafka in the embedded log's place. With FOLDER the embedded log is kept there,
// and used again where it is there already. The events begin at the HOUR of the day (default 12;
// just after midnight sessions may reach into the day before). METRICS is `all` or `one`: then one
// metric over events is counted and nothing else is done. The digest is of all rows that came
// out: the same log gives the same one. "" is what an argument that is not given is.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/temporary_folder.hpp"
#include "cases/digest.hpp"
#include "cases/measure.hpp"
#include "cases/shop_log.hpp"
#include "cases/whole_processing.hpp"
#include "storage/embedded/embedded_tables.hpp"
#include "streams/embedded/embedded_log.hpp"
#ifdef BYTEBASKET_KAFKA
#include "streams/kafka/kafka_log.hpp"
#endif

namespace {

using namespace bytebasket;

/// Where the log is.
struct LogPlace {
  std::filesystem::path folder;
  std::string brokers;  ///< empty: the embedded log in the folder
  std::string prefix;   ///< of the topics of this run
};

std::unique_ptr<streams::EventLog> open_log(const LogPlace& place, const Clock* clock = nullptr) {
  if (place.brokers.empty()) {
    return bench::or_die(
        streams::EmbeddedLog::open({.folder = place.folder / "log", .clock = clock}));
  }
#ifdef BYTEBASKET_KAFKA
  streams::KafkaLogOptions options;
  options.properties.common["bootstrap.servers"] = place.brokers;
  options.prefix = place.prefix;
  return bench::or_die(streams::KafkaLog::open(options));
#else
  bench::die("built without Kafka");
#endif
}

void fill(const LogPlace& place, std::int64_t count, std::int64_t hour, const bench::Work& work) {
  bench::EventClock clock;
  auto log = open_log(place, &clock);
  // The definitions stand before the events, as in a running service.
  {
    const TemporaryFolder scratch = bench::or_die(TemporaryFolder::make("bench_definitions"));
    auto tables = bench::or_die(storage::EmbeddedTables::open({.folder = scratch.path()}));
    bench::process_all(*log, *tables, 1 << 20, work);
  }
  bench::fill_from_shop(*log, count, {.first_hour = hour, .clock = &clock});
  log->close();
  log.reset();
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t count = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const std::size_t memory = (argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 256) << 20;
  const TemporaryFolder scratch = bench::or_die(TemporaryFolder::make("bench_processing"));
  const LogPlace place = {.folder = argc > 4 && *argv[4] != 0 ? argv[4] : scratch.path(),
                          .brokers = argc > 3 ? argv[3] : "",
                          .prefix = "bench" + std::to_string(::getpid()) + "."};
  const std::int64_t hour = argc > 5 ? std::atoll(argv[5]) : 12;
  const std::string metrics = argc > 6 ? argv[6] : "all";
  if (metrics != "all" && metrics != "one") bench::die("METRICS is `all` or `one`");
  const bench::Work work = metrics == "one" ? bench::one_metric() : bench::everything();
  if (!std::filesystem::exists(place.folder / "log"))
    bench::apart([&] { fill(place, count, hour, work); });

  auto log = open_log(place);
  auto tables = bench::or_die(storage::EmbeddedTables::open({.folder = scratch.path() / "tables"}));
  const double before = bench::cpu_seconds();
  const auto sum = bench::process_all(*log, *tables, memory, work);
  const double seconds = bench::cpu_seconds() - before;
  const double peak = bench::peak_mib();
  std::printf(
      "{\"case\":\"processing\",\"metrics\":\"%s\",\"events\":%llu,\"cpu_seconds\":%.3f,"
      "\"events_per_second_and_core\":%.0f,\"rows_written\":%llu,\"flushes\":%llu,"
      "\"peak_mib\":%.0f,\"digest\":\"%s\"}\n",
      metrics.c_str(), static_cast<unsigned long long>(sum.events), seconds,
      static_cast<double>(sum.events) / seconds, static_cast<unsigned long long>(sum.rows_written),
      static_cast<unsigned long long>(sum.flushes), peak, bench::digest_of(*tables).c_str());
  return 0;
}
