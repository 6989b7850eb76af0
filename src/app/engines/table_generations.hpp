// Which folder of a data folder holds the embedded tables: `tables` at first, and after a rebuild
// the generation that was put in their place. The file `tables.current` names it; it is replaced
// whole, so at any moment one generation is complete and serves.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace bytebasket::app {

/// The folder of the generation that serves. `corrupt` where the file names none that is there.
Result<std::filesystem::path> current_tables(const std::filesystem::path& data);

/// A folder, empty or not there yet, for the generation after the present one. What an interrupted
/// rebuild left there is removed.
Result<std::filesystem::path> next_tables(const std::filesystem::path& data);

/// Makes `folder` (from next_tables(), closed, durable) the generation that serves.
Status publish_tables(const std::filesystem::path& data, const std::filesystem::path& folder);

/// Removes generations that do not serve. Only for whoever holds the one that does: a process that
/// makes the next one holds it too.
void remove_former_tables(const std::filesystem::path& data);

}  // namespace bytebasket::app
