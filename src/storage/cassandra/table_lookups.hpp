// Reads of single rows, put together where they are of one partition.
#pragma once

#include <optional>
#include <vector>

#include "storage/cassandra/table_statements.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// One read of `keys`: its requests, and what becomes of their answers.
class TableLookups {
 public:
  using Rows = std::vector<std::optional<StoredRow>>;

  TableLookups(std::vector<RowKey> keys, const TableStatements& statements);

  /// None where no key is one that Cassandra can hold.
  [[nodiscard]] const CqlRequests& requests() const { return requests_; }
  /// The row of each key, in their order.
  [[nodiscard]] Result<Rows> rows(const std::vector<CqlAnswer>& answers) const;

 private:
  using Places = std::vector<std::size_t>;

  void ask_for(const Places& places, const TableStatements& statements);
  [[nodiscard]] Status take_one(const CqlAnswer& answer, std::size_t place, Rows& rows) const;
  [[nodiscard]] Status take_many(const CqlAnswer& answer, const Places& places, Rows& rows) const;

  std::vector<RowKey> keys_;
  CqlRequests requests_;
  std::vector<Places> places_;  ///< of each request, the keys it asks for, in clustering order
};

}  // namespace bytebasket::storage
