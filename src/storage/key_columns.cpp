#include "storage/key_columns.hpp"

#include <span>
#include <utility>

#include "base/bytes.hpp"

namespace bytebasket::storage {
namespace {

/// Takes one column off the front of `rest`.
std::optional<std::string> take_column(const schema::Column& column, std::string_view& rest) {
  if (column.type == schema::ColumnType::text) return take_key_text(rest);
  const auto number = column.descending ? take_key_int_descending(rest) : take_key_int(rest);
  if (!number) return std::nullopt;
  if (column.type == schema::ColumnType::timestamp)
    return format_timestamp(timestamp_from_ms(*number));
  return std::to_string(*number);
}

bool take_columns(std::span<const schema::Column> columns, std::string_view bytes,
                  std::vector<KeyColumn>& out) {
  for (const schema::Column& column : columns) {
    auto value = take_column(column, bytes);
    if (!value) return false;
    out.push_back({column.name, std::move(*value)});
  }
  return bytes.empty();
}

/// Drops a text off the front of `rest` without making it, as take_key_text() would read it.
bool skip_text(std::string_view& rest) {
  for (auto zero = rest.find('\0'); zero != rest.npos && zero + 1 < rest.size();
       zero = rest.find('\0', zero + 2)) {
    const char after = rest[zero + 1];
    if (after == '\x01') rest.remove_prefix(zero + 2);
    if (after != '\xFF') return after == '\x01';
  }
  return false;
}

/// Drops one column off the front of `rest`.
bool skip_column(const schema::Column& column, std::string_view& rest) {
  if (column.type != schema::ColumnType::text) {
    if (rest.size() < sizeof(std::int64_t)) return false;
    rest.remove_prefix(sizeof(std::int64_t));
    return true;
  }
  return skip_text(rest);
}

}  // namespace

std::optional<KeyParts> split_key(TableId table, std::string_view key) {
  const schema::TableDeclaration& declaration = schema::declaration_of(table);
  std::string_view rest = key;
  for (const schema::Column& column : declaration.partition) {
    if (!skip_column(column, rest)) return std::nullopt;
  }
  const std::size_t size = key.size() - rest.size();
  for (const schema::Column& column : declaration.clustering) {
    if (!skip_column(column, rest)) return std::nullopt;
  }
  if (!rest.empty()) return std::nullopt;
  return KeyParts{key.substr(0, size), key.substr(size)};
}

std::optional<std::vector<KeyColumn>> key_columns(const RowKey& key) {
  const schema::TableDeclaration& declaration = schema::declaration_of(key.table);
  std::vector<KeyColumn> columns;
  const bool complete = take_columns(declaration.partition, key.partition, columns) &&
                        take_columns(declaration.clustering, key.clustering, columns);
  if (!complete) return std::nullopt;
  return columns;
}

}  // namespace bytebasket::storage
