// The tables that the settings name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "app/engines/keyspace_generations.hpp"
#include "base/result.hpp"
#include "rocks/database.hpp"
#include "schema/settings.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::app {

/// What engines are opened for.
enum class EngineUse : std::uint8_t {
  serving,
  reading,  ///< for a while, and nothing is written: what they hold is not put in order first
};

rocks::Recovery recovery_for(EngineUse use);

/// The embedded tables in a folder, as the settings want them.
Result<std::unique_ptr<storage::TableStore>> open_embedded_tables(
    const std::filesystem::path& folder, const schema::Settings& settings,
    EngineUse use = EngineUse::serving);

/// The same store twice, but while a rebuild lets another take its place.
struct OpenedTables {
  std::shared_ptr<storage::TableStore> processed;  ///< rows are written there
  std::shared_ptr<storage::TableStore> answering;
  /// Cassandra: the tables in the configured keyspace, which says where the others are.
  std::shared_ptr<storage::TableStore> configured;
  KeyspaceGenerations keyspaces;  ///< of `processed` and `answering`
};

/// Cassandra: the tables in a keyspace, whatever the configured one says.
Result<std::unique_ptr<storage::TableStore>> open_keyspace(const schema::Settings& settings,
                                                           const std::string& keyspace);

/// `invalid_argument` for an engine that this program was built without.
Result<OpenedTables> open_tables(const schema::Settings& settings, EngineUse use);

}  // namespace bytebasket::app
