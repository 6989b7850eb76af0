#include "storage/cassandra/key_cells.hpp"

#include <cstdint>
#include <limits>

#include "base/bytes.hpp"

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

/// How many bytes follow the first of a character, by the first; -1 for none that can be first.
int following_bytes(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first < 0xE0) return 1;
  if (first >= 0xE0 && first < 0xF0) return 2;
  if (first >= 0xF0 && first < 0xF5) return 3;
  return -1;
}

/// What the second byte may be: shorter forms, surrogates and what is beyond Unicode are left out.
bool can_be_second(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xE0:
      return second >= 0xA0 && second < 0xC0;
    case 0xED:
      return second >= 0x80 && second < 0xA0;
    case 0xF0:
      return second >= 0x90 && second < 0xC0;
    case 0xF4:
      return second >= 0x80 && second < 0x90;
    default:
      return second >= 0x80 && second < 0xC0;
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  for (std::size_t at = 0; at < text.size();) {
    const int following = following_bytes(byte(at));
    if (following == 0) {
      ++at;
      continue;
    }
    if (following < 0 || at + static_cast<std::size_t>(following) >= text.size()) return false;
    if (!can_be_second(byte(at), byte(at + 1))) return false;
    for (int i = 2; i <= following; ++i) {
      if (byte(at + static_cast<std::size_t>(i)) >> 6 != 2) return false;
    }
    at += static_cast<std::size_t>(following) + 1;
  }
  return true;
}

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
