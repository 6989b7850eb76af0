#include "storage/cassandra/table_statements.hpp"

namespace bytebasket::storage {
namespace {

std::uint16_t code_of(Consistency consistency) { return static_cast<std::uint16_t>(consistency); }

CqlMode writing(const CassandraOptions& options) {
  return {.consistency = code_of(options.write_consistency)};
}

/// A row that compare_and_set writes is read by the same agreement.
CqlMode reading_of(const CassandraOptions& options, const schema::TableDeclaration& table) {
  return {.consistency =
              code_of(table.guarded ? options.serial_consistency : options.read_consistency)};
}

CqlMode swapping(const CassandraOptions& options) {
  return {.consistency = code_of(options.write_consistency),
          .serial_consistency = code_of(options.serial_consistency),
          .idempotent = false};
}

}  // namespace

TableStatements::OfTable::OfTable(const CassandraOptions& options,
                                  const schema::TableDeclaration& table)
    : cql(options.keyspace, table),
      reading(reading_of(options, table)),
      upsert(cql.upsert(), writing(options)),
      row(cql.row(), reading),
      rows(cql.rows(), reading),
      everything(cql.everything(), reading),
      compare_and_set(cql.compare_and_set(), swapping(options)) {}

TableStatements::TableStatements(const CassandraOptions& options) {
  for (const schema::TableDeclaration& table : schema::tables()) {
    tables_.emplace(table.id, std::make_unique<OfTable>(options, table));
  }
}

const CqlStatement& TableStatements::slice(schema::TableId table, const SliceShape& shape) {
  const std::lock_guard lock(mutex_);
  auto& statement = slices_[{table, shape}];
  if (statement == nullptr) {
    statement = std::make_unique<CqlStatement>(at(table).cql.slice(shape), at(table).reading);
  }
  return *statement;
}

}  // namespace bytebasket::storage
