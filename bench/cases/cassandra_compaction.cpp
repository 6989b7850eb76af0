// Which compaction suits the rows of metrics: written again at every flush, kept for a while, read
// by range. For each strategy the same flushes into a keyspace of its own, and what they cost.
//
//   BYTEBASKET_TEST_CASSANDRA=HOST:PORT bench_cassandra_compaction [FLUSHES] [STRATEGY…]
//
// Prints one line of JSON for each strategy. Memtables are flushed every two seconds, so that a run
// of a minute leaves as many files as hours do in a shop; what the server's cores do meanwhile is
// seen in the rows a second.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cases/measure.hpp"
#include "storage/cassandra/cassandra_schema.hpp"
#include "storage/cassandra/cassandra_tables.hpp"
#include "storage/cassandra/cql_session.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::storage;
using bench::or_die;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t series = 1'500;
constexpr std::int64_t flushes_in_minute = 8;
constexpr std::size_t reads_after_flush = 4;
constexpr std::int64_t first_minute = 28'000'000;

struct Strategy {
  const char* name;
  const char* options;
};

constexpr std::array<Strategy, 6> strategies = {
    {{"tiered", "{'class': 'SizeTieredCompactionStrategy'}"},
     {"leveled", "{'class': 'LeveledCompactionStrategy', 'sstable_size_in_mb': '16'}"},
     {"windows",
      "{'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', "
      "'compaction_window_size': '1'}"},
     {"unified_t4", "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'T4'}"},
     {"unified_l4", "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'L4'}"},
     {"unified_l10", "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'L10'}"}}};

constexpr CqlMode plain{.consistency = static_cast<std::uint16_t>(Consistency::one),
                        .prepared = false};

schema::MetricsKey key_of(std::size_t which, std::string_view grain, std::int64_t minute) {
  const std::int64_t length = grain == "1m" ? 1 : grain == "1h" ? 60 : 1'440;
  const std::int64_t window = minute / length * length;
  return {"orders",
          "0123456789abcdef",
          std::string(grain),
          "product",
          window / (length * 60),
          timestamp_from_ms(window * 60'000),
          "product-" + std::to_string(which),
          0};
}

/// What one flush writes: of each series the window of every grain that the present minute is in.
std::vector<Mutation> flush_of(std::int64_t flush, Timestamp now) {
  std::vector<Mutation> mutations;
  const std::int64_t minute = first_minute + flush / flushes_in_minute;
  for (std::size_t which = 0; which < series; ++which) {
    for (const std::string_view grain : {"1m", "1h", "1d"}) {
      const auto key = key_of(which, grain, minute);
      mutations.push_back({{schema::MetricsKey::table, key.partition_key(), key.clustering_key()},
                           std::string(40, static_cast<char>('a' + flush % 26)),
                           {Epoch(1), Offset(flush)},
                           now + std::chrono::hours(24 * 14)});
    }
  }
  return mutations;
}

/// A page of the present hour's minutes: what a dashboard asks for.
double read_hour(TableStore& tables, std::int64_t flush) {
  const auto key = key_of(0, "1m", first_minute + flush / flushes_in_minute);
  const auto begin = SteadyClock::now();
  const auto page = or_die(
      scan_now(tables, {schema::MetricsKey::table, key.partition_key(), "", "", true, 1000}));
  if (page.rows.empty()) bench::die("rows that were written are missing");
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count();
}

void wait_until_idle(CqlSession& session) {
  for (int idle = 0; idle < 5;) {
    const auto tasks =
        or_die(session.query_now("SELECT table_name FROM system_views.sstable_tasks", plain));
    idle = tasks.rows == 0 ? idle + 1 : 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

/// Bytes that compactions of the keyspace's metrics have read and written.
std::pair<std::int64_t, std::int64_t> compacted(CqlSession& session, const std::string& keyspace) {
  const auto rows =
      or_die(session.query_now("SELECT keyspace_name, columnfamily_name, bytes_in, bytes_out FROM "
                               "system.compaction_history",
                               plain));
  std::pair<std::int64_t, std::int64_t> bytes;
  CellReader cells = rows.reader();
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const bool ours = cells.take() == keyspace;
    const bool metrics = cells.take() == "metrics";
    const std::int64_t in = cells.take_integer();
    const std::int64_t out = cells.take_integer();
    if (!ours || !metrics) continue;
    bytes.first += in;
    bytes.second += out;
  }
  return bytes;
}

double part(std::vector<double>& times, double which) {
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * which)];
}

void measure(CassandraOptions options, const Strategy& strategy, std::int64_t flushes) {
  options.keyspace = std::string("compaction_") + strategy.name;
  const auto session = or_die(CqlSession::open(options));
  or_die(session->query_now("DROP KEYSPACE IF EXISTS " + options.keyspace, plain));
  or_die(apply_schema(options, [](const SchemaChange&) {}));
  or_die(session->query_now("ALTER TABLE " + options.keyspace + ".metrics WITH compaction = " +
                                strategy.options + " AND memtable_flush_period_in_ms = 2000",
                            plain));
  const auto tables = or_die(CassandraTables::open(options));
  std::vector<double> reads;
  std::size_t rows = 0;
  double writing = 0;
  for (std::int64_t flush = 0; flush < flushes; ++flush) {
    auto mutations = flush_of(flush, SystemClock().now());
    rows += mutations.size();
    const auto begin = SteadyClock::now();
    or_die(write_now(*tables, std::move(mutations)));
    writing += std::chrono::duration<double>(SteadyClock::now() - begin).count();
    for (std::size_t i = 0; i < reads_after_flush; ++i) reads.push_back(read_hour(*tables, flush));
  }
  const auto written = SteadyClock::now();
  wait_until_idle(*session);
  const double rest = std::chrono::duration<double>(SteadyClock::now() - written).count() - 2.5;
  std::vector<double> quiet;
  for (int i = 0; i < 200; ++i) quiet.push_back(read_hour(*tables, flushes - 1));
  const auto [in, out] = compacted(*session, options.keyspace);
  std::printf(
      "{\"strategy\":\"%s\",\"rows\":%zu,\"rows_per_second\":%.0f,\"compacted_mib_in\":%.0f,"
      "\"compacted_mib_out\":%.0f,\"read_ms_p50\":%.1f,\"read_ms_p99\":%.1f,"
      "\"quiet_read_ms_p50\":%.1f,\"seconds_until_idle\":%.1f}\n",
      strategy.name, rows, static_cast<double>(rows) / writing, static_cast<double>(in) / (1 << 20),
      static_cast<double>(out) / (1 << 20), part(reads, 0.5), part(reads, 0.99), part(quiet, 0.5),
      std::max(rest, 0.0));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t flushes = argc > 1 ? std::stoll(argv[1]) : 400;
  const char* address = std::getenv("BYTEBASKET_TEST_CASSANDRA");
  if (address == nullptr) {
    std::printf(
        "bench_cassandra_compaction: BYTEBASKET_TEST_CASSANDRA names no server, so nothing is "
        "measured\n");
    return 0;
  }
  CassandraOptions options;
  options.contact_points = {address};
  for (const Strategy& strategy : strategies) {
    const bool named = std::any_of(argv + std::min(argc, 2), argv + argc, [&](const char* name) {
      return name == std::string_view(strategy.name);
    });
    if (argc <= 2 || named) measure(options, strategy, flushes);
  }
  return 0;
}
