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

constexpr std::size_t rows_in_write = 2000;

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

/// Sums up what is measured in parts: what is compared takes turns, so that a machine that is busy
/// with other things is so for both.
class Measure {
 public:
  explicit Measure(const char* what) : what_(what) {}

  void run(std::size_t rows, const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    const double cpu = cpu_seconds();
    work();
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    cpu_ += cpu_seconds() - cpu;
    rows_ += rows;
  }

  void print() const {
    const auto count = static_cast<double>(rows_);
    std::printf("{\"what\":\"%s\",\"rows\":%zu,\"rows_per_second\":%.0f,\"cpu_us\":%.1f}\n", what_,
                rows_, count / seconds_, cpu_ * 1e6 / count);
    std::fflush(stdout);
  }

 private:
  const char* what_;
  std::size_t rows_ = 0;
  double seconds_ = 0;
  double cpu_ = 0;
};

/// The rows of a metric, as a flush writes them: `a_partition` of them share one.
class Workload {
 public:
  Workload(std::size_t rows, std::size_t a_partition) : rows_(rows), a_partition_(a_partition) {}

  [[nodiscard]] schema::MetricsKey key(std::size_t row) const {
    return {"orders",
            "0123456789abcdef",
            "1m",
            "country,device",
            static_cast<std::int64_t>(row / a_partition_),
            timestamp_from_ms(1'700'000'000'000 + static_cast<std::int64_t>(row) * 60'000),
            "DE,mobile",
            0};
  }

  /// Which row is read when it is `row`'s turn: any where each is alone, else its neighbours too.
  [[nodiscard]] std::size_t read_as(std::size_t row) const {
    return a_partition_ == 1 ? row * 7919 % rows_ : row;
  }

  void write(TableStore& tables, std::size_t begin, std::int64_t offset) const {
    std::vector<Mutation> mutations;
    for (std::size_t row = begin; row < begin + rows_in_write; ++row) {
      const auto at = key(row);
      mutations.push_back({storage::RowKey::of(at),
                           value(),
                           {Epoch(1), Offset(offset)},
                           SystemClock().now() + std::chrono::hours(24 * 14)});
    }
    if (auto written = write_now(tables, std::move(mutations)); !written) die(written.error());
  }

  void read(TableStore& tables, std::size_t begin) const {
    std::vector<RowKey> keys;
    for (std::size_t row = begin; row < begin + rows_in_write; ++row) {
      const auto at = key(read_as(row));
      keys.push_back(storage::RowKey::of(at));
    }
    const auto found = get_now(tables, std::move(keys));
    if (!found) die(found.error());
    for (const auto& row : *found) {
      if (!row) die({ErrorCode::not_found, "a row that was written is missing"});
    }
  }

  static std::string value() { return std::string(40, 'x'); }

 private:
  std::size_t rows_;
  std::size_t a_partition_;
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

  void write(const Workload& workload, std::size_t begin, std::int64_t offset) {
    CqlRequests requests;
    for (std::size_t row = begin; row < begin + rows_in_write; ++row) {
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

  void read(const Workload& workload, std::size_t begin) {
    CqlRequests requests;
    for (std::size_t row = begin; row < begin + rows_in_write; ++row) {
      requests.begin(select_);
      append_key(requests.cells(), workload.key(workload.read_as(row)));
      requests.end_row();
    }
    run(requests);
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
  std::size_t rows = argc > 1 ? std::stoul(argv[1]) : 50'000;
  rows = std::max<std::size_t>(rows / rows_in_write, 1) * rows_in_write;
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
  const Workload scattered(rows, 1);
  const Workload grouped(rows, 50);
  for (std::int64_t pass = 0; pass < passes; ++pass) {
    Measure bare_write("bare_write"), write("write"), together("write_50_a_partition");
    Measure bare_read("bare_read"), read("read"), read_together("read_50_a_partition");
    for (std::size_t begin = 0; begin < rows; begin += rows_in_write) {
      const std::int64_t at = 2 * pass;
      bare_write.run(rows_in_write, [&] { bare.write(scattered, begin, at); });
      write.run(rows_in_write, [&] { scattered.write(**tables, begin, at + 1); });
      together.run(rows_in_write, [&] { grouped.write(**tables, begin, at + 1); });
    }
    for (std::size_t begin = 0; begin < rows; begin += rows_in_write) {
      bare_read.run(rows_in_write, [&] { bare.read(scattered, begin); });
      read.run(rows_in_write, [&] { scattered.read(**tables, begin); });
      read_together.run(rows_in_write, [&] { grouped.read(**tables, begin); });
    }
    for (const Measure* each :
         {&bare_write, &write, &together, &bare_read, &read, &read_together}) {
      each->print();
    }
  }
  return 0;
}
