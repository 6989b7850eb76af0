// Rows that come sorted, as a table file that the database takes in as it is.
#pragma once

#include <cstddef>
#include <string>

#include "rocks/database.hpp"
#include "storage/sorted_rows.hpp"

namespace bytebasket::storage {

/// `path` is a name on the database's file system that nothing has; nothing has it afterwards.
Status write_sorted_file(rocks::Database& database, std::size_t family, const std::string& path,
                         const NextRow& next);

}  // namespace bytebasket::storage
