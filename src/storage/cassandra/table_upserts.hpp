// Mutations as statements: which of them go together, and what of each row is sent.
#pragma once

#include <vector>

#include "storage/cassandra/table_statements.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// The requests that write `mutations`. Of several mutations of a row the newest is sent, of equal
/// ones the last. The rows of a partition go in batches, which reach one set of replicas and cost
/// one commit-log entry each: in a single one where the table is declared `together`, else in as
/// many as keep them small.
Result<CqlRequests> upserts_of(std::vector<Mutation> mutations, const TableStatements& statements,
                               Timestamp now);

}  // namespace bytebasket::storage
