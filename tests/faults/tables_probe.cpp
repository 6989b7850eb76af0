// Writes to and reads from embedded tables for the tests that kill it.
//
//   tables_probe write FOLDER   writes row after row until it is killed, from the one after the
//   last stored on; lines are
//                               "written ROW", "synced ROW" (all up to this one) and "refused ROW",
//                               which is tried again
//   tables_probe dump FOLDER    the number of each row
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include "storage/embedded/embedded_tables.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::storage;

constexpr int rows_in_write = 5;

/// One write(), so that a line is whole or not there when the process is killed.
void say(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) ::_exit(1);
}

schema::TransactionsByTimeKey key_of(std::int64_t number) {
  return {0, timestamp_from_ms(-number), "row"};
}

ScanPage scan(EmbeddedTables& tables, ScanRequest request) {
  auto page = scan_now(tables, std::move(request));
  if (page) return std::move(*page);
  std::fprintf(stderr, "%s\n", page.error().message.c_str());
  ::_exit(1);
}

ScanRequest everything() {
  return {schema::TransactionsByTimeKey::table, key_of(0).partition_key(), "", "", false, 1000};
}

std::int64_t number_of(const StoredRow& row) { return row.position.offset.value(); }

void dump(EmbeddedTables& tables) {
  for (ScanRequest request = everything();;) {
    const ScanPage page = scan(tables, request);
    for (const StoredRow& row : page.rows) say(std::to_string(number_of(row)) + "\n");
    if (!page.next) return;
    request.from = *page.next;
  }
}

bool write_rows(EmbeddedTables& tables, std::int64_t first) {
  std::vector<Mutation> rows;
  for (std::int64_t number = first; number < first + rows_in_write; ++number) {
    const auto key = key_of(number);
    rows.push_back({storage::RowKey::of(key),
                    std::string(static_cast<std::size_t>(1 + number * 37 % 2000), 'x'),
                    {Epoch(1), Offset(number)},
                    {}});
  }
  return write_now(tables, std::move(rows)).has_value();
}

[[noreturn]] void write_for_ever(EmbeddedTables& tables) {
  ScanRequest last = everything();
  last.reverse = true;
  last.limit = 1;
  const ScanPage page = scan(tables, last);
  std::int64_t next = page.rows.empty() ? 0 : number_of(page.rows[0]) + 1;
  for (int call = 1;; ++call) {
    const std::int64_t newest = next + rows_in_write - 1;
    if (!write_rows(tables, next)) {
      say("refused " + std::to_string(newest) + "\n");
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    next = newest + 1;
    say("written " + std::to_string(newest) + "\n");
    if (call % 20 == 0 && tables.sync()) say("synced " + std::to_string(newest) + "\n");
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return std::fprintf(stderr, "usage: tables_probe write|dump FOLDER\n"), 64;
  EmbeddedTablesOptions options;
  options.folder = arguments[2];
  // Small enough that a run of a second flushes table files too.
  options.memory_bytes = 8 << 20;
  const auto tables = EmbeddedTables::open(options);
  if (!tables) return std::fprintf(stderr, "%s\n", tables.error().message.c_str()), 1;
  if (std::string(arguments[1]) == "dump") return dump(**tables), 0;
  write_for_ever(**tables);
}
