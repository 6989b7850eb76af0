#include "app/engines/open_tables.hpp"

#include <filesystem>
#include <utility>

#include "app/engines/cassandra_settings.hpp"
#include "app/engines/table_generations.hpp"
#include "storage/embedded/embedded_tables.hpp"
#if BYTEBASKET_CASSANDRA
#include "storage/cassandra/cassandra_tables.hpp"
#endif

namespace bytebasket::app {
namespace {

Result<OpenedTables> open_cassandra(const schema::Settings& settings) {
  const std::string& name = settings.cassandra.keyspace;
  OpenedTables opened;
  const auto open =
      [&](const std::string& keyspace) -> Result<std::shared_ptr<storage::TableStore>> {
    if (opened.configured && keyspace == name) return opened.configured;
    BB_ASSIGN_OR_RETURN(auto tables, open_keyspace(settings, keyspace));
    return std::shared_ptr<storage::TableStore>(std::move(tables));
  };
  BB_ASSIGN_OR_RETURN(opened.configured, open(name));
  BB_ASSIGN_OR_RETURN(opened.keyspaces, load_generations(*opened.configured, name));
  BB_ASSIGN_OR_RETURN(opened.answering, open(opened.keyspaces.current));
  opened.processed = opened.answering;
  if (opened.keyspaces.next) {
    BB_ASSIGN_OR_RETURN(opened.processed, open(*opened.keyspaces.next));
  }
  return opened;
}

}  // namespace

Result<std::unique_ptr<storage::TableStore>> open_keyspace(const schema::Settings& settings,
                                                           const std::string& keyspace) {
#if BYTEBASKET_CASSANDRA
  schema::CassandraSettings there = settings.cassandra;
  there.keyspace = keyspace;
  BB_ASSIGN_OR_RETURN(const auto options, cassandra_options(there));
  BB_ASSIGN_OR_RETURN(auto tables, storage::CassandraTables::open(options));
  return std::unique_ptr<storage::TableStore>(std::move(tables));
#else
  static_cast<void>(settings);
  static_cast<void>(keyspace);
  return fail(without_cassandra());
#endif
}

rocks::Recovery recovery_for(EngineUse use) {
  return use == EngineUse::reading ? rocks::Recovery::memory : rocks::Recovery::files;
}

Result<std::unique_ptr<storage::TableStore>> open_embedded_tables(
    const std::filesystem::path& folder, const schema::Settings& settings, EngineUse use) {
  BB_ASSIGN_OR_RETURN(auto tables,
                      storage::EmbeddedTables::open({.folder = folder,
                                                     .memory_bytes = settings.storage.memory,
                                                     .atomic = settings.processing.atomic_flush,
                                                     .recovery = recovery_for(use)}));
  return std::unique_ptr<storage::TableStore>(std::move(tables));
}

Result<OpenedTables> open_tables(const schema::Settings& settings, EngineUse use) {
  if (settings.storage.engine == "cassandra") return open_cassandra(settings);
  const std::filesystem::path data(settings.data.dir);
  BB_ASSIGN_OR_RETURN(const auto folder, current_tables(data));
  BB_ASSIGN_OR_RETURN(auto tables, open_embedded_tables(folder, settings, use));
  remove_former_tables(data);
  const std::shared_ptr<storage::TableStore> shared = std::move(tables);
  return OpenedTables{.processed = shared, .answering = shared, .configured = {}, .keyspaces = {}};
}

}  // namespace bytebasket::app
