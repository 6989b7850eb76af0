// The tables in Cassandra beside the bare driver, against the same server in the same run.
//
//   BYTEBASKET_TEST_CASSANDRA=HOST:PORT bench_cassandra [ROWS] [PASSES]    (default 50,000 and 3)
//
// Prints one line of JSON for each pass and measure: rows a second, and microseconds of this
// process's CPU for each. The first pass warms the server up.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "storage/cassandra/cassandra_schema.hpp"
#include "storage/cassandra/cassandra_tables.hpp"
#include "storage/cassandra/cql_session.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::storage;

constexpr std::size_t rows_in_write = 5000;

[[noreturn]] void die(const Error& error) {
  std::fprintf(stderr, "bench_cassandra: %s\n", error.message.c_str());
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

void measure(const char* what, std::size_t rows, const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const auto count = static_cast<double>(rows);
  std::printf("{\"what\":\"%s\",\"rows\":%zu,\"rows_per_second\":%.0f,\"cpu_us\":%.1f}\n", what,
              rows, count / took.count(), (cpu_seconds() - cpu) * 1e6 / count);
  std::fflush(stdout);
}

/// The rows of a metric, as a flush writes them: `partitions` of them share the rows.
class Workload {
 public:
  Workload(std::size_t rows, std::size_t partitions) : rows_(rows), partitions_(partitions) {}

  [[nodiscard]] schema::MetricsKey key(std::size_t row) const {
    return {"orders",
            "0123456789abcdef",
            "1m",
            "country,device",
            static_cast<std::int64_t>(row % partitions_),
            timestamp_from_ms(1'700'000'000'000 + static_cast<std::int64_t>(row) * 60'000),
            "DE,mobile",
            0};
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }

  void write(TableStore& tables, std::int64_t offset) const {
    for (std::size_t begin = 0; begin < rows_; begin += rows_in_write) {
      std::vector<Mutation> mutations;
      for (std::size_t row = begin; row < std::min(begin + rows_in_write, rows_); ++row) {
        const auto at = key(row);
        mutations.push_back({{schema::MetricsKey::table, at.partition_key(), at.clustering_key()},
                             value(),
                             {Epoch(1), Offset(offset)},
                             SystemClock().now() + std::chrono::hours(24 * 14)});
      }
      if (auto written = write_now(tables, std::move(mutations)); !written) die(written.error());
    }
  }

  void read(TableStore& tables) const {
    for (std::size_t begin = 0; begin < rows_; begin += rows_in_write) {
      std::vector<RowKey> keys;
      for (std::size_t row = begin; row < std::min(begin + rows_in_write, rows_); ++row) {
        const auto at = key(row * 7919 % rows_);
        keys.push_back({schema::MetricsKey::table, at.partition_key(), at.clustering_key()});
      }
      const auto found = get_now(tables, std::move(keys));
      if (!found) die(found.error());
      for (const auto& row : *found) {
        if (!row) die({ErrorCode::not_found, "a row that was written is missing"});
      }
    }
  }

  static std::string value() { return std::string(40, 'x'); }

 private:
  std::size_t rows_;
  std::size_t partitions_;
};

/// What the engine does, without it: the same columns bound by hand, a statement a row.
class Bare {
 public:
  Bare(CqlSession& session, const std::string& keyspace)
      : session_(session),
        insert_("INSERT INTO " + keyspace +
                    ".metrics (metric, definition, grain, dimensions, bucket, window, \"values\", "
                    "source, aggregate, log_epoch, log_offset) VALUES "
                    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ? AND TTL ?",
                mode()),
        select_("SELECT aggregate, log_epoch, log_offset FROM " + keyspace +
                    ".metrics WHERE metric = ? AND definition = ? AND grain = ? AND dimensions = ? "
                    "AND bucket = ? AND window = ? AND \"values\" = ? AND source = ?",
                mode()) {}

  void write(const Workload& workload, std::int64_t offset) {
    for (std::size_t begin = 0; begin < workload.rows(); begin += rows_in_write) {
      CqlRequests requests;
      for (std::size_t row = begin; row < std::min(begin + rows_in_write, workload.rows()); ++row) {
        requests.begin(insert_);
        append_key(requests.cells(), workload.key(row));
        append_cell(requests.cells(), Workload::value());
        append_bigint_cell(requests.cells(), 1);
        append_bigint_cell(requests.cells(), offset);
        append_bigint_cell(requests.cells(), (std::int64_t{1} << 48) + offset + 2);
        append_int_cell(requests.cells(), 14 * 24 * 3600);
        requests.end_row();
      }
      run(requests);
    }
  }

  void read(const Workload& workload) {
    for (std::size_t begin = 0; begin < workload.rows(); begin += rows_in_write) {
      CqlRequests requests;
      for (std::size_t row = begin; row < std::min(begin + rows_in_write, workload.rows()); ++row) {
        requests.begin(select_);
        append_key(requests.cells(), workload.key(row * 7919 % workload.rows()));
        requests.end_row();
      }
      run(requests);
    }
  }

 private:
  static CqlMode mode() {
    return {.consistency = static_cast<std::uint16_t>(Consistency::local_quorum)};
  }

  static void append_key(std::string& cells, const schema::MetricsKey& key) {
    for (const std::string& text : {key.metric, key.definition, key.grain, key.dimensions}) {
      append_cell(cells, text);
    }
    append_bigint_cell(cells, key.bucket);
    append_bigint_cell(cells, to_ms(key.window));
    append_cell(cells, key.values);
    append_int_cell(cells, key.source);
  }

  void run(const CqlRequests& requests) {
    std::promise<Status> answered;
    session_.run(requests, [&](const std::vector<CqlAnswer>& answers) {
      Status first = ok();
      for (const CqlAnswer& answer : answers) {
        if (first && !answer.status) first = answer.status;
      }
      answered.set_value(std::move(first));
    });
    if (auto done = answered.get_future().get(); !done) die(done.error());
  }

  CqlSession& session_;
  CqlStatement insert_;
  CqlStatement select_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rows = argc > 1 ? std::stoul(argv[1]) : 50'000;
  const int passes = argc > 2 ? std::atoi(argv[2]) : 3;
  const char* address = std::getenv("BYTEBASKET_TEST_CASSANDRA");
  if (address == nullptr) {
    std::printf(
        "bench_cassandra: BYTEBASKET_TEST_CASSANDRA names no server, so nothing is measured\n");
    return 0;
  }
  CassandraOptions options;
  options.contact_points = {address};
  options.keyspace = "bench";
  if (auto made = apply_schema(options, [](const SchemaChange&) {}); !made) die(made.error());
  auto tables = CassandraTables::open(options);
  if (!tables) die(tables.error());
  auto session = CqlSession::open(options);
  if (!session) die(session.error());
  Bare bare(**session, options.keyspace);

  // A partition a row: nothing can be put together, as with the bare statements.
  const Workload scattered(rows, rows);
  const Workload grouped(rows, std::max<std::size_t>(rows / 50, 1));
  for (std::int64_t pass = 0; pass < passes; ++pass) {
    measure("bare_write", rows, [&] { bare.write(scattered, 2 * pass); });
    measure("write", rows, [&] { scattered.write(**tables, 2 * pass + 1); });
    measure("write_50_a_partition", rows, [&] { grouped.write(**tables, 2 * pass + 1); });
    measure("bare_read", rows, [&] { bare.read(scattered); });
    measure("read", rows, [&] { scattered.read(**tables); });
    measure("read_50_a_partition", rows, [&] { grouped.read(**tables); });
  }
  return 0;
}
