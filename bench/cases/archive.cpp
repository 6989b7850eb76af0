// The embedded log into a lake on this machine and back: rows per second and core.
//
//   bench_archive [EVENTS] [FOLDER]    (default 1,000,000 events of the mock shop)
//
// Fills a log first (in a process of its own), then archives every partition on one thread and
// reads the lake back in the order of the offsets, and counts the CPU seconds of the whole process.
// With FOLDER the lake is left there, for archive_peers.py.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/temporary_folder.hpp"
#include "cases/shop_log.hpp"
#include "lake/archiver.hpp"
#include "lake/lake_log.hpp"
#include "storage/local/local_files.hpp"
#include "streams/embedded/embedded_log.hpp"

namespace {

using namespace bytebasket;
using bench::cpu_seconds;
using bench::die;

struct Read {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};

Read read_back(streams::EventLog& log) {
  Read read;
  for (const auto where : lake::archived_partitions(log)) {
    const auto range = log.range(where);
    if (!range) die(range.error().message);
    for (Offset next = range->first; next < range->end;) {
      const auto batch = log.read(where, next, {});
      if (!batch) die(batch.error().message);
      next = batch->records().back().offset.next();
      read.rows += batch->size();
      for (const auto& record : batch->records()) read.bytes += record.value.size();
    }
  }
  return read;
}

void print(const char* step, const Read& read, double seconds) {
  std::printf(
      "{\"case\":\"archive\",\"step\":\"%s\",\"rows\":%llu,\"cpu_seconds\":%.3f,"
      "\"rows_per_second_and_core\":%.0f,\"mib_per_second\":%.0f,\"peak_mib\":%.0f}\n",
      step, static_cast<unsigned long long>(read.rows), seconds,
      static_cast<double>(read.rows) / seconds,
      static_cast<double>(read.bytes) / seconds / (1 << 20), bench::peak_mib());
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t count = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
  const TemporaryFolder scratch = bench::or_die(TemporaryFolder::make("bench_archive"));
  const std::filesystem::path lake_folder = argc > 2 ? argv[2] : scratch.path() / "lake";
  const streams::EmbeddedLogOptions log_options{.folder = scratch.path() / "log"};
  bench::apart([&] {
    bench::fill_from_shop(*bench::or_die(streams::EmbeddedLog::open(log_options)), count);
  });
  const auto log = bench::or_die(streams::EmbeddedLog::open(log_options));
  const auto store = bench::or_die(storage::LocalFiles::open(lake_folder));

  double begun = cpu_seconds();
  const Read logged = read_back(*log);
  print("read_log", logged, cpu_seconds() - begun);

  begun = cpu_seconds();
  const auto archived = bench::or_die(
      lake::archive_now(*log, *store, lake::archived_partitions(*log), {}, SystemClock()));
  print("archive", {archived, logged.bytes}, cpu_seconds() - begun);

  const auto lake = bench::or_die(lake::LakeLog::open(*store, {}));
  begun = cpu_seconds();
  const Read back = read_back(*lake);
  print("read_lake", back, cpu_seconds() - begun);
  if (back.rows != logged.rows || back.bytes != logged.bytes)
    die("the lake does not hold what the log holds");
  return 0;
}
