#include "storage/cassandra/table_cql.hpp"

#include <span>

namespace bytebasket::storage {
namespace {

using schema::Column;

/// `name` in quotes: some of our columns are called as CQL's words are.
std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

void append_names(std::string& cql, std::span<const Column> columns) {
  for (const Column& column : columns) cql += quoted(column.name) + ", ";
}

void append_given(std::string& cql, std::span<const Column> columns) {
  for (const Column& column : columns) {
    cql += (cql.empty() ? "" : " AND ") + quoted(column.name) + " = ?";
  }
}

std::string position_columns() {
  return std::string(epoch_column) + ", " + std::string(offset_column);
}

}  // namespace

TableCql::TableCql(std::string_view keyspace, const schema::TableDeclaration& table)
    : name_(quoted(keyspace) + "." + quoted(table.name)), table_(table) {}

std::string TableCql::key_is_given() const {
  std::string given;
  append_given(given, table_.partition);
  append_given(given, table_.clustering);
  return given;
}

std::string TableCql::upsert() const {
  std::string cql = "INSERT INTO " + name_ + " (";
  append_names(cql, table_.partition);
  append_names(cql, table_.clustering);
  cql += quoted(table_.value) + ", " + position_columns() + ") VALUES (";
  const std::size_t values = table_.partition.size() + table_.clustering.size() + 3;
  for (std::size_t i = 0; i < values; ++i) cql += i == 0 ? "?" : ", ?";
  return cql + ") USING TIMESTAMP ? AND TTL ?";
}

std::string TableCql::row() const {
  return "SELECT " + quoted(table_.value) + ", " + position_columns() + " FROM " + name_ +
         " WHERE " + key_is_given();
}

std::string TableCql::rows() const {
  std::string cql = "SELECT ";
  append_names(cql, table_.clustering);
  cql += quoted(table_.value) + ", " + position_columns() + " FROM " + name_ + " WHERE ";
  std::string where;
  append_given(where, table_.partition);
  std::string key;
  for (const Column& column : table_.clustering) {
    key += (key.empty() ? "" : ", ") + quoted(column.name);
  }
  const bool is_tuple = table_.clustering.size() > 1;
  return cql + where + " AND " + (is_tuple ? "(" + key + ")" : key) + " IN ?";
}

std::string TableCql::slice(const SliceShape& shape) const {
  std::string cql = "SELECT ";
  append_names(cql, table_.clustering);
  cql += quoted(table_.value) + ", " + position_columns() + " FROM " + name_ + " WHERE ";
  std::string where;
  append_given(where, table_.partition);
  append_given(where, table_.clustering.first(shape.given));
  if (shape.has_first || shape.has_last) {
    const Column& ranged = table_.clustering[shape.given];
    const std::string after = ranged.descending ? " <" : " >";
    const std::string before = ranged.descending ? " >" : " <";
    if (shape.has_first) {
      where += " AND " + quoted(ranged.name) + after + (shape.first_inclusive ? "= ?" : " ?");
    }
    if (shape.has_last) {
      where += " AND " + quoted(ranged.name) + before + (shape.last_inclusive ? "= ?" : " ?");
    }
  }
  cql += where;
  for (std::size_t i = 0; shape.reverse && i < table_.clustering.size(); ++i) {
    cql += i == 0 ? " ORDER BY " : ", ";
    cql += quoted(table_.clustering[i].name) + (table_.clustering[i].descending ? " ASC" : " DESC");
  }
  return cql + " LIMIT ?";
}

std::string TableCql::everything() const {
  std::string cql = "SELECT ";
  append_names(cql, table_.partition);
  append_names(cql, table_.clustering);
  return cql + quoted(table_.value) + ", " + position_columns() + " FROM " + name_;
}

std::string TableCql::compare_and_set() const {
  return "UPDATE " + name_ + " SET " + quoted(table_.value) + " = ? WHERE " + key_is_given() +
         " IF " + quoted(table_.value) + " = ?";
}

}  // namespace bytebasket::storage
