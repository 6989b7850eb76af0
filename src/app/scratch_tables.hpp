// Tables in a temporary folder, for rows that are computed again and thrown away.
#pragma once

#include <string>

#include "base/result.hpp"
#include "verification/scratch.hpp"

namespace bytebasket::app {

/// Makes scratch tables below `parent` (the system's temporary folder when empty), each in a folder
/// of its own that goes with it. `memory_bytes` bounds what each holds in memory.
verification::MakeScratch scratch_tables(std::string parent, std::size_t memory_bytes);

}  // namespace bytebasket::app
