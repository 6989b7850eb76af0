#include "storage/cassandra/table_lookups.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "storage/cassandra/key_cells.hpp"
#include "storage/cassandra/row_cells.hpp"

namespace bytebasket::storage {
namespace {

/// Rows that one statement asks for: more keep a node's thread busy for long.
constexpr std::size_t most_rows_at_once = 100;

bool can_be(const RowKey& key) {
  const auto& table = schema::declaration_of(key.table);
  std::string cells;
  return is_partition(table.partition, key.partition) &&
         append_key_cells(cells, table.partition, key.partition) &&
         append_key_cells(cells, table.clustering, key.clustering);
}

Error unreadable(const RowKey& key) {
  return {ErrorCode::corrupt, "Cassandra's rows of table " +
                                  std::string(schema::declaration_of(key.table).name) +
                                  " do not have the declared columns"};
}

}  // namespace

TableLookups::TableLookups(std::vector<RowKey> keys, const TableStatements& statements)
    : keys_(std::move(keys)) {
  Places order(keys_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // A key that Cassandra cannot hold has no row.
  std::erase_if(order, [this](std::size_t place) { return !can_be(keys_[place]); });
  std::sort(order.begin(), order.end(),
            [this](std::size_t a, std::size_t b) { return keys_[a] < keys_[b]; });
  Places together;
  for (const std::size_t place : order) {
    if (!together.empty()) {
      const RowKey& first = keys_[together.front()];
      const bool other =
          first.table != keys_[place].table || first.partition != keys_[place].partition;
      if (other || together.size() == most_rows_at_once) {
        ask_for(std::exchange(together, {}), statements);
      }
    }
    together.push_back(place);
  }
  if (!together.empty()) ask_for(together, statements);
}

void TableLookups::ask_for(const Places& places, const TableStatements& statements) {
  const RowKey& first = keys_[places.front()];
  const auto& table = schema::declaration_of(first.table);
  const bool one = places.size() == 1;
  requests_.begin(one ? statements.row(first.table) : statements.rows(first.table));
  append_key_cells(requests_.cells(), table.partition, first.partition);
  if (one) {
    append_key_cells(requests_.cells(), table.clustering, first.clustering);
  } else {
    std::string elements;
    for (const std::size_t place : places) {
      std::string cells;
      append_key_cells(cells, table.clustering, keys_[place].clustering);
      // A key of several columns is a tuple: a cell whose bytes are its columns' cells.
      if (table.clustering.size() > 1) {
        append_cell(elements, cells);
      } else {
        elements += cells;
      }
    }
    append_list_cell(requests_.cells(), places.size(), elements);
  }
  requests_.end_row();
  places_.push_back(places);
}

Result<TableLookups::Rows> TableLookups::rows(const std::vector<CqlAnswer>& answers) const {
  Rows rows(keys_.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    BB_RETURN_IF_ERROR(answers[i].status);
    BB_RETURN_IF_ERROR(places_[i].size() == 1 ? take_one(answers[i], places_[i].front(), rows)
                                              : take_many(answers[i], places_[i], rows));
  }
  return rows;
}

Status TableLookups::take_one(const CqlAnswer& answer, std::size_t place, Rows& rows) const {
  if (answer.rows == 0) return ok();
  CellReader cells = answer.cells;
  auto row = take_row(cells);
  if (!cells.ok()) return fail(unreadable(keys_[place]));
  if (row && !row->value.empty()) {
    rows[place] = StoredRow{keys_[place].clustering, std::move(row->value), row->position};
  }
  return ok();
}

Status TableLookups::take_many(const CqlAnswer& answer, const Places& places, Rows& rows) const {
  const auto& table = schema::declaration_of(keys_[places.front()].table);
  CellReader cells = answer.cells;
  for (std::size_t i = 0; i < answer.rows; ++i) {
    const std::string clustering = take_key(table.clustering, cells);
    const auto row = take_row(cells);
    if (!cells.ok()) return fail(unreadable(keys_[places.front()]));
    if (!row || row->value.empty()) continue;
    auto place = std::lower_bound(
        places.begin(), places.end(), clustering,
        [this](std::size_t at, const std::string& key) { return keys_[at].clustering < key; });
    // A key may be asked for more than once.
    for (; place != places.end() && keys_[*place].clustering == clustering; ++place) {
      rows[*place] = StoredRow{clustering, row->value, row->position};
    }
  }
  return ok();
}

}  // namespace bytebasket::storage
