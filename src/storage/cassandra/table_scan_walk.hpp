// One page of a partition's rows, read slice by slice.
#pragma once

#include "storage/cassandra/table_statements.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// Starts to read the page and returns; session and statements must outlive the callback.
void scan_partition(CqlSession& session, TableStatements& statements, ScanRequest request,
                    TableStore::ScanCallback done);

}  // namespace bytebasket::storage
