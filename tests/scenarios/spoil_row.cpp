// Spoils one row of a data folder that nobody serves, as a broken disk or a mistaken hand would.
//
//   spoil_row TABLES TABLE    (the folder of the tables, the name of a table)
//
// Changes a byte of the first row that says something, and prints its position's offset.
#include <cstdio>
#include <string_view>

#include "storage/embedded/embedded_tables.hpp"

namespace {

using namespace bytebasket;

int say(const Error& error) {
  std::fprintf(stderr, "spoil_row: %s\n", error.message.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const auto tables = storage::EmbeddedTables::open({.folder = argv[1]});
  if (!tables) return say(tables.error());
  for (const auto& table : schema::tables()) {
    if (table.name != std::string_view(argv[2])) continue;
    const auto page = storage::enumerate_now(**tables, {table.id, "", 1'000});
    if (!page) return say(page.error());
    for (storage::TableRow row : page->rows) {
      // The marks of metric rows are bookkeeping: their metric has no name.
      if (row.value.size() < 3 || row.key.partition.starts_with(std::string_view("\0\1", 2)))
        continue;
      row.value.back() = static_cast<char>(row.value.back() ^ 4);
      const auto written = storage::write_now(**tables, {{row.key, row.value, row.position, {}}});
      if (!written) return say(written.error());
      std::printf("%lld\n", static_cast<long long>(row.position.offset.value()));
      return 0;
    }
  }
  std::fprintf(stderr, "spoil_row: no such table, or no row in it\n");
  return 1;
}
