#include "app/engines.hpp"

#include <filesystem>

#include "storage/embedded/embedded_tables.hpp"
#include "streams/embedded/embedded_log.hpp"

namespace bytebasket::app {

Engines::~Engines() {
  if (log) log->close();
  if (tables) tables->close();
}

Result<Engines> open_engines(const schema::Settings& settings) {
  const std::filesystem::path folder(settings.data.dir);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return fail(ErrorCode::unavailable,
                "cannot create the data folder " + folder.string() + ": " + failed.message());
  }
  Engines engines;
  BB_ASSIGN_OR_RETURN(
      engines.log,
      streams::EmbeddedLog::open(
          {.folder = folder / "log",
           .user_activity_partitions =
               static_cast<std::int32_t>(settings.streams.user_activity_partitions),
           .max_queued_records = static_cast<std::size_t>(settings.streams.queue_records),
           .max_queued_bytes = settings.streams.queue_bytes}));
  BB_ASSIGN_OR_RETURN(engines.tables,
                      storage::EmbeddedTables::open({.folder = folder / "tables",
                                                     .memory_bytes = settings.storage.memory,
                                                     .atomic = settings.processing.atomic_flush}));
  return engines;
}

}  // namespace bytebasket::app
