#include "storage/cassandra/key_cells.hpp"

#include <cstdint>
#include <limits>

#include "base/bytes.hpp"
#include "base/utf8.hpp"

namespace bytebasket::storage {
namespace {

using schema::Column;
using schema::ColumnType;

/// Moves one column from the front of `key` to the end of `cells`.
bool move_column(const Column& column, std::string_view& key, std::string& cells) {
  if (column.type == ColumnType::text) {
    const auto text = take_key_text(key);
    if (!text || !is_utf8(*text)) return false;
    append_cell(cells, *text);
    return true;
  }
  const auto number = column.descending ? take_key_int_descending(key) : take_key_int(key);
  if (!number) return false;
  if (column.type != ColumnType::int_) {
    append_bigint_cell(cells, *number);
    return true;
  }
  using Limits = std::numeric_limits<std::int32_t>;
  if (*number < Limits::min() || *number > Limits::max()) return false;
  append_int_cell(cells, static_cast<std::int32_t>(*number));
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> key_cells(std::span<const Column> columns,
                                                  std::string_view key) {
  std::vector<std::string> cells;
  for (const Column& column : columns) {
    if (key.empty()) break;
    if (!move_column(column, key, cells.emplace_back())) return std::nullopt;
  }
  if (!key.empty()) return std::nullopt;
  return cells;
}

bool append_key_cells(std::string& cells, std::span<const Column> columns, std::string_view key) {
  const std::size_t before = cells.size();
  for (const Column& column : columns) {
    if (!move_column(column, key, cells)) {
      cells.resize(before);
      return false;
    }
  }
  if (key.empty()) return true;
  cells.resize(before);
  return false;
}

bool is_partition(std::span<const Column> columns, std::string_view key) {
  // An empty text is encoded as its end alone.
  std::string empty;
  append_key_text(empty, "");
  return columns.size() > 1 || columns.front().type != ColumnType::text || key != empty;
}

std::string take_key(std::span<const Column> columns, CellReader& cells) {
  std::string key;
  for (const Column& column : columns) {
    if (column.type == ColumnType::text) {
      append_key_text(key, cells.take().value_or(std::string_view()));
    } else if (column.descending) {
      append_key_int_descending(key, cells.take_integer());
    } else {
      append_key_int(key, cells.take_integer());
    }
  }
  return key;
}

}  // namespace bytebasket::storage
