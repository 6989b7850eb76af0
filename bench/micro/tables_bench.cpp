// What the embedded tables cost in processor time of the whole process: rows of 100 bytes.
#include <memory>

#include <benchmark/benchmark.h>

#include "scratch_folder.hpp"
#include "storage/embedded/embedded_tables.hpp"

namespace bytebasket::storage {
namespace {

constexpr int rows_in_store = 1'000'000;
constexpr int rows_in_call = 1000;

std::unique_ptr<EmbeddedTables> open_tables(const TemporaryFolder& folder) {
  EmbeddedTablesOptions options;
  options.folder = folder.path();
  return *EmbeddedTables::open(options);
}

/// Rows of a partition stand together, five to each; the numbers come in an order of their own.
RowKey key_of(std::uint64_t number) {
  const std::uint64_t mixed = number * 7'919 % rows_in_store;
  const schema::DecisionsKey key{"transaction-" + std::to_string(mixed / 5),
                                 std::to_string(mixed % 5)};
  return storage::RowKey::of(key);
}

std::vector<Mutation> mutations(std::uint64_t first, std::int64_t offset) {
  std::vector<Mutation> rows;
  for (std::uint64_t i = first; i < first + rows_in_call; ++i) {
    rows.push_back({key_of(i),
                    std::string(100, static_cast<char>('a' + i % 26)),
                    {Epoch(1), Offset(offset)},
                    {}});
  }
  return rows;
}

bool fill(EmbeddedTables& tables) {
  for (std::uint64_t first = 0; first < rows_in_store; first += rows_in_call) {
    if (!write_now(tables, mutations(first, 1))) return false;
  }
  return true;
}

void write_rows(benchmark::State& state) {
  const TemporaryFolder folder = bench::scratch_folder();
  const auto tables = open_tables(folder);
  std::uint64_t first = 0;
  std::int64_t offset = 1;
  for (auto _ : state) {
    if (!write_now(*tables, mutations(first, ++offset))) return state.SkipWithError("write failed");
    first = (first + rows_in_call) % rows_in_store;
  }
  state.SetItemsProcessed(state.iterations() * rows_in_call);
}
BENCHMARK(write_rows)->MeasureProcessCPUTime()->UseRealTime()->MinTime(3);

void get_rows(benchmark::State& state) {
  const TemporaryFolder folder = bench::scratch_folder();
  const auto tables = open_tables(folder);
  if (!fill(*tables)) return state.SkipWithError("write failed");
  std::uint64_t first = 0;
  for (auto _ : state) {
    std::vector<RowKey> keys;
    for (std::uint64_t i = first; i < first + rows_in_call; ++i) keys.push_back(key_of(i));
    benchmark::DoNotOptimize(get_now(*tables, std::move(keys)));
    first = (first + rows_in_call) % rows_in_store;
  }
  state.SetItemsProcessed(state.iterations() * rows_in_call);
}
BENCHMARK(get_rows)->MeasureProcessCPUTime()->UseRealTime()->MinTime(2);

void scan_partition(benchmark::State& state) {
  const TemporaryFolder folder = bench::scratch_folder();
  const auto tables = open_tables(folder);
  if (!fill(*tables)) return state.SkipWithError("write failed");
  std::uint64_t number = 0;
  for (auto _ : state) {
    const auto page = scan_now(
        *tables, {schema::DecisionsKey::table, key_of(++number).partition, "", "", false, 1000});
    if (!page || page->rows.size() != 5) return state.SkipWithError("scan failed");
  }
  state.SetItemsProcessed(state.iterations() * 5);
}
BENCHMARK(scan_partition)->MeasureProcessCPUTime()->UseRealTime()->MinTime(2);

}  // namespace
}  // namespace bytebasket::storage
