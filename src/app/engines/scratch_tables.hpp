// Tables for rows that are computed again and thrown away.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.hpp"
#include "verification/scratch.hpp"

namespace bytebasket::app {

struct ScratchMemory {
  std::size_t held;     ///< rows, until they pass it
  std::size_t beneath;  ///< what the tables take into which they go then
};

/// Makes scratch tables with a folder of their own below `parent` (the system's temporary folder
/// when empty), which goes with them: for what their memory does not hold.
verification::MakeScratch scratch_tables(std::string parent, ScratchMemory memory);

}  // namespace bytebasket::app
