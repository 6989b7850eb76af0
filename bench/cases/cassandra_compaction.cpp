// Which compaction suits which rows. Each strategy has a keyspace of its own; they take turns flush
// by flush in one run, so that the machine's other load and the server's warming up hit all alike.
//
//   BYTEBASKET_TEST_CASSANDRA=HOST:PORT bench_cassandra_compaction [FLUSHES] [STRATEGY…] (default
//   600)
//
// Everything is a hundred times smaller than in a shop, so that minutes show what days do there:
// memtables are flushed every six seconds (about 1 MB), the strategies' own sizes are scaled as
// much, rows expire after a minute and a half. Prints one line of JSON for each strategy and table:
// what was written to disk again, what a read costs among the writes and after them, and the space.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cases/compaction_rows.hpp"
#include "cases/measure.hpp"
#include "storage/cassandra/cassandra_schema.hpp"
#include "storage/cassandra/cassandra_tables.hpp"
#include "storage/cassandra/cql_session.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::storage;
using bench::lifetime;
using bench::or_die;
using bench::tables;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t reads_at_rest = 100;

struct Strategy {
  const char* name;
  const char* options;
};

constexpr std::array<Strategy, 4> strategies = {
    {{"tiered", "{'class': 'SizeTieredCompactionStrategy', 'min_sstable_size': '524288'}"},
     {"leveled", "{'class': 'LeveledCompactionStrategy', 'sstable_size_in_mb': '2'}"},
     {"unified_t4",
      "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'T4', 'flush_size_override': "
      "'1MiB', 'target_sstable_size': '10MiB', 'min_sstable_size': '1MiB'}"},
     {"unified_l4",
      "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'L4', 'flush_size_override': "
      "'1MiB', 'target_sstable_size': '10MiB', 'min_sstable_size': '1MiB'}"}}};

constexpr CqlMode plain{.consistency = static_cast<std::uint16_t>(Consistency::one),
                        .prepared = false};

void wait_until_idle(CqlSession& session) {
  for (int idle = 0; idle < 5;) {
    const auto tasks =
        or_die(session.query_now("SELECT table_name FROM system_views.sstable_tasks", plain));
    idle = tasks.rows == 0 ? idle + 1 : 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

/// MiB that compactions of a keyspace's table have read and written.
std::pair<double, double> compacted(CqlSession& session, std::string_view keyspace,
                                    std::string_view table) {
  const auto rows =
      or_die(session.query_now("SELECT keyspace_name, columnfamily_name, bytes_in, bytes_out FROM "
                               "system.compaction_history",
                               plain));
  std::pair<double, double> mib;
  CellReader cells = rows.reader();
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const bool ours = cells.take() == keyspace;
    const bool this_one = cells.take() == table;
    const auto in = static_cast<double>(cells.take_integer());
    const auto out = static_cast<double>(cells.take_integer());
    if (!ours || !this_one) continue;
    mib.first += in / (1 << 20);
    mib.second += out / (1 << 20);
  }
  return mib;
}

std::int64_t mebibytes(CqlSession& session, const std::string& keyspace, std::string_view table) {
  const auto rows = or_die(
      session.query_now("SELECT mebibytes FROM system_views.disk_usage WHERE keyspace_name = '" +
                            keyspace + "' AND table_name = '" + std::string(table) + "'",
                        plain));
  return rows.rows == 0 ? 0 : rows.reader().take_integer();
}

double part(std::vector<double>& times, double which) {
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * which)];
}

/// One strategy's keyspace, and what was measured of each of its tables.
class Candidate {
 public:
  Candidate(CassandraOptions options, CqlSession& session, const Strategy& strategy)
      : strategy_(strategy),
        session_(session),
        keyspace_(std::string("compaction_") + strategy.name) {
    options.keyspace = keyspace_;
    or_die(session.query_now("DROP KEYSPACE IF EXISTS " + keyspace_, plain));
    or_die(apply_schema(options, [](const SchemaChange&) {}));
    for (const std::string_view table : tables) {
      or_die(session.query_now(
          "ALTER TABLE " + keyspace_ + "." + std::string(table) + " WITH compaction = " +
              strategy.options + " AND memtable_flush_period_in_ms = 6000 AND gc_grace_seconds = 0",
          plain));
    }
    store_ = or_die(CassandraTables::open(options));
  }

  void turn(std::int64_t flush) {
    constexpr std::array make = {bench::metrics_of, bench::orders_of, bench::transactions_of};
    for (std::size_t table = 0; table < tables.size(); ++table) {
      Measured& into = measured_[table];
      auto mutations = make[table](flush, SystemClock().now());
      into.rows += mutations.size();
      into.writing += seconds_of([&] { or_die(write_now(*store_, std::move(mutations))); });
      read_into(into.reads, table, flush);
    }
  }

  void read_at_rest(std::int64_t flush) {
    for (std::size_t table = 0; table < tables.size(); ++table) {
      for (std::size_t i = 0; i < reads_at_rest; ++i) {
        // Pages that are still there; any order.
        read_into(measured_[table].at_rest, table,
                  table == 1 ? static_cast<std::int64_t>(i) : flush);
      }
    }
  }

  void note_space() {
    for (std::size_t table = 0; table < tables.size(); ++table)
      measured_[table].mib = mebibytes(session_, keyspace_, tables[table]);
  }

  void print() {
    for (std::size_t table = 0; table < tables.size(); ++table) {
      Measured& of = measured_[table];
      const auto [in, out] = compacted(session_, keyspace_, tables[table]);
      std::printf(
          "{\"table\":\"%s\",\"strategy\":\"%s\",\"rows\":%zu,\"rows_per_second\":%.0f,"
          "\"compacted_mib_in\":%.0f,\"compacted_mib_out\":%.0f,\"read_ms_p50\":%.1f,"
          "\"read_ms_p99\":%.1f,\"at_rest_ms_p50\":%.1f,\"at_rest_ms_p99\":%.1f,\"mib\":%lld,"
          "\"mib_after_expiry\":%lld}\n",
          tables[table].data(), strategy_.name, of.rows, static_cast<double>(of.rows) / of.writing,
          in, out, part(of.reads, 0.5), part(of.reads, 0.99), part(of.at_rest, 0.5),
          part(of.at_rest, 0.99), static_cast<long long>(of.mib),
          static_cast<long long>(mebibytes(session_, keyspace_, tables[table])));
    }
    std::fflush(stdout);
  }

 private:
  struct Measured {
    std::size_t rows = 0;
    double writing = 0;
    std::vector<double> reads;    ///< ms, among the writes
    std::vector<double> at_rest;  ///< ms
    std::int64_t mib = 0;
  };

  static double seconds_of(const std::function<void()>& work) {
    const auto begin = SteadyClock::now();
    work();
    return std::chrono::duration<double>(SteadyClock::now() - begin).count();
  }

  void read_into(std::vector<double>& times, std::size_t table, std::int64_t flush) {
    times.push_back(1e3 * seconds_of([&] { bench::read(*store_, table, flush); }));
  }

  const Strategy& strategy_;
  CqlSession& session_;
  const std::string keyspace_;
  std::unique_ptr<TableStore> store_;
  std::array<Measured, tables.size()> measured_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t flushes = argc > 1 ? std::stoll(argv[1]) : 600;
  const char* address = std::getenv("BYTEBASKET_TEST_CASSANDRA");
  if (address == nullptr) {
    std::printf(
        "bench_cassandra_compaction: BYTEBASKET_TEST_CASSANDRA names no server, so nothing is "
        "measured\n");
    return 0;
  }
  CassandraOptions options;
  options.contact_points = {address};
  options.keyspace = "compaction";
  const auto session = or_die(CqlSession::open(options));
  std::vector<std::unique_ptr<Candidate>> candidates;
  for (const Strategy& strategy : strategies) {
    const bool named = std::any_of(argv + std::min(argc, 2), argv + argc, [&](const char* name) {
      return name == std::string_view(strategy.name);
    });
    if (argc <= 2 || named)
      candidates.push_back(std::make_unique<Candidate>(options, *session, strategy));
  }
  for (std::int64_t flush = 0; flush < flushes; ++flush) {
    // Each is the first as often as the others.
    std::rotate(candidates.begin(), candidates.begin() + 1, candidates.end());
    for (const auto& candidate : candidates) candidate->turn(flush);
  }
  wait_until_idle(*session);
  for (const auto& candidate : candidates) candidate->read_at_rest(flushes - 1);
  for (const auto& candidate : candidates) candidate->note_space();
  // One more flush of each after all has expired: what is written then makes room.
  std::this_thread::sleep_for(lifetime);
  for (std::int64_t flush = flushes; flush < flushes + 40; ++flush) {
    for (const auto& candidate : candidates) candidate->turn(flush);
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  wait_until_idle(*session);
  for (const auto& candidate : candidates) candidate->print();
  return 0;
}
