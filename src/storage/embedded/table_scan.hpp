// One page of a partition's rows, forwards or backwards.
#pragma once

#include "rocks/database.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// Reads the page that `request` asks for, without the rows that are emptied or, at `now`, expired.
Result<ScanPage> scan_page(rocks::Database& database, const ScanRequest& request, Timestamp now);

}  // namespace bytebasket::storage
