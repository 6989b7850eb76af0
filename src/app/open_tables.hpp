// The tables that the settings name.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "schema/settings.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::app {

/// The embedded tables in a folder, as the settings want them.
Result<std::unique_ptr<storage::TableStore>> open_embedded_tables(
    const std::filesystem::path& folder, const schema::Settings& settings);

/// `invalid_argument` for an engine that this program was built without.
Result<std::unique_ptr<storage::TableStore>> open_tables(const schema::Settings& settings);

}  // namespace bytebasket::app
