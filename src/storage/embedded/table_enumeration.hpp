// One page of a whole table's rows, in order of their keys.
#pragma once

#include "rocks/database.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::storage {

/// Reads the page that `request` asks for, without the rows that are expired at `now`.
Result<EnumerationPage> enumerate_page(rocks::Database& database, const EnumerationRequest& request,
                                       Timestamp now);

}  // namespace bytebasket::storage
