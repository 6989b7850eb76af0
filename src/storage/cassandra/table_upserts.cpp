#include "storage/cassandra/table_upserts.hpp"

#include <algorithm>
#include <tuple>

#include "storage/cassandra/key_cells.hpp"
#include "storage/cassandra/row_version.hpp"

namespace bytebasket::storage {
namespace {

// Larger batches no longer save work and keep one thread of a node busy.
constexpr std::size_t most_rows_in_batch = 100;
constexpr std::size_t most_bytes_in_batch = 32 << 10;

/// By table, partition and clustering key; the newest of a row last.
bool stands_before(const Mutation& a, const Mutation& b) {
  return std::tie(a.key.table, a.key.partition, a.key.clustering, a.position) <
         std::tie(b.key.table, b.key.partition, b.key.clustering, b.position);
}

bool in_one_partition(const RowKey& a, const RowKey& b) {
  return a.table == b.table && a.partition == b.partition;
}

Error no_key(const RowKey& key) {
  return {ErrorCode::invalid_argument,
          "a row of table " + std::string(schema::declaration_of(key.table).name) +
              " has a key that Cassandra cannot hold: its columns must be the declared ones, texts "
              "UTF-8, and a partition that is one text not empty"};
}

Status append_row(const Mutation& mutation, Timestamp now, std::string& cells) {
  const auto& table = schema::declaration_of(mutation.key.table);
  if (!is_partition(table.partition, mutation.key.partition) ||
      !append_key_cells(cells, table.partition, mutation.key.partition) ||
      !append_key_cells(cells, table.clustering, mutation.key.clustering)) {
    return fail(no_key(mutation.key));
  }
  const TimeToLive stays = time_to_live(mutation.expires_at, now);
  if (stays.expired) {
    // A row of nothing, at its position: it hides what lies beneath, and is gone itself.
    for (int i = 0; i < 3; ++i) append_null_cell(cells);
  } else {
    append_cell(cells, mutation.value);
    append_bigint_cell(cells, mutation.position.epoch.value());
    append_bigint_cell(cells, mutation.position.offset.value());
  }
  append_bigint_cell(cells, write_timestamp(mutation.position));
  append_int_cell(cells, stays.seconds);
  return ok();
}

/// Begins batches as rows come in.
class Batches {
 public:
  Batches(CqlRequests& requests, const TableStatements& statements)
      : requests_(requests), statements_(statements) {}

  void begin_row(const RowKey& key) {
    const bool together = schema::declaration_of(key.table).together;
    const bool full =
        rows_ == most_rows_in_batch || requests_.cells().size() - begin_ >= most_bytes_in_batch;
    if (last_ == nullptr || !in_one_partition(*last_, key) || (full && !together)) {
      requests_.begin(statements_.upsert(key.table));
      rows_ = 0;
      begin_ = requests_.cells().size();
    }
    last_ = &key;
    ++rows_;
  }

 private:
  CqlRequests& requests_;
  const TableStatements& statements_;
  const RowKey* last_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t begin_ = 0;
};

}  // namespace

Result<CqlRequests> upserts_of(std::vector<Mutation> mutations, const TableStatements& statements,
                               Timestamp now) {
  std::stable_sort(mutations.begin(), mutations.end(), stands_before);
  CqlRequests requests;
  Batches batches(requests, statements);
  for (std::size_t i = 0; i < mutations.size(); ++i) {
    BB_RETURN_IF_ERROR(check_not_guarded(mutations[i].key));
    // Within one timestamp Cassandra keeps the larger bytes, not the later: only the last is sent.
    if (i + 1 < mutations.size() && mutations[i + 1].key == mutations[i].key) continue;
    batches.begin_row(mutations[i].key);
    BB_RETURN_IF_ERROR(append_row(mutations[i], now, requests.cells()));
    requests.end_row();
  }
  return requests;
}

}  // namespace bytebasket::storage
