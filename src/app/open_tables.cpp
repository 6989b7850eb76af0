#include "app/open_tables.hpp"

#include <filesystem>
#include <utility>

#include "app/cassandra_settings.hpp"
#include "app/table_generations.hpp"
#include "storage/embedded/embedded_tables.hpp"
#if BYTEBASKET_CASSANDRA
#include "storage/cassandra/cassandra_tables.hpp"
#endif

namespace bytebasket::app {
namespace {

Result<std::unique_ptr<storage::TableStore>> open_cassandra(const schema::Settings& settings) {
#if BYTEBASKET_CASSANDRA
  BB_ASSIGN_OR_RETURN(auto options, cassandra_options(settings.cassandra));
  BB_ASSIGN_OR_RETURN(auto tables, storage::CassandraTables::open(std::move(options)));
  return std::unique_ptr<storage::TableStore>(std::move(tables));
#else
  static_cast<void>(settings);
  return fail(without_cassandra());
#endif
}

}  // namespace

Result<std::unique_ptr<storage::TableStore>> open_embedded_tables(
    const std::filesystem::path& folder, const schema::Settings& settings) {
  BB_ASSIGN_OR_RETURN(auto tables,
                      storage::EmbeddedTables::open({.folder = folder,
                                                     .memory_bytes = settings.storage.memory,
                                                     .atomic = settings.processing.atomic_flush}));
  return std::unique_ptr<storage::TableStore>(std::move(tables));
}

Result<std::unique_ptr<storage::TableStore>> open_tables(const schema::Settings& settings) {
  if (settings.storage.engine == "cassandra") return open_cassandra(settings);
  const std::filesystem::path data(settings.data.dir);
  BB_ASSIGN_OR_RETURN(const auto folder, current_tables(data));
  BB_ASSIGN_OR_RETURN(auto tables, open_embedded_tables(folder, settings));
  remove_former_tables(data);
  return tables;
}

}  // namespace bytebasket::app
