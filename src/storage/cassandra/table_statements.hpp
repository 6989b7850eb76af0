// The statements of all tables of a keyspace, made when they are first asked for.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "storage/cassandra/cql_session.hpp"
#include "storage/cassandra/table_cql.hpp"

namespace bytebasket::storage {

/// Thread-safe. References stay valid as long as it lives.
class TableStatements {
 public:
  explicit TableStatements(const CassandraOptions& options);

  const CqlStatement& upsert(schema::TableId table) const { return at(table).upsert; }
  const CqlStatement& row(schema::TableId table) const { return at(table).row; }
  const CqlStatement& rows(schema::TableId table) const { return at(table).rows; }
  const CqlStatement& everything(schema::TableId table) const { return at(table).everything; }
  const CqlStatement& compare_and_set(schema::TableId table) const {
    return at(table).compare_and_set;
  }
  const CqlStatement& slice(schema::TableId table, const SliceShape& shape);

 private:
  struct OfTable {
    OfTable(const CassandraOptions& options, const schema::TableDeclaration& table);
    TableCql cql;
    CqlMode reading;
    CqlStatement upsert;
    CqlStatement row;
    CqlStatement rows;
    CqlStatement everything;
    CqlStatement compare_and_set;
  };
  [[nodiscard]] const OfTable& at(schema::TableId table) const { return *tables_.at(table); }

  std::map<schema::TableId, std::unique_ptr<OfTable>> tables_;
  std::mutex mutex_;
  std::map<std::pair<schema::TableId, SliceShape>, std::unique_ptr<CqlStatement>> slices_;
};

}  // namespace bytebasket::storage
