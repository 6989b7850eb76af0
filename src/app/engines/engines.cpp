#include "app/engines/engines.hpp"

#include <filesystem>
#include <string>
#include <tuple>
#include <utility>

#include "app/engines/kafka_engine.hpp"
#include "app/engines/lake.hpp"
#include "storage/counted_tables.hpp"
#include "streams/counted_log.hpp"
#include "streams/embedded/embedded_log.hpp"

namespace bytebasket::app {
namespace {

Result<std::unique_ptr<streams::EventLog>> open_log(const schema::Settings& settings,
                                                    Counters& counters, EngineUse use) {
  if (settings.streams.engine == "kafka") return open_kafka(settings, counters);
  BB_ASSIGN_OR_RETURN(
      auto log, streams::EmbeddedLog::open(
                    {.folder = std::filesystem::path(settings.data.dir) / "log",
                     .user_activity_partitions =
                         static_cast<std::int32_t>(settings.streams.user_activity_partitions),
                     .max_queued_records = static_cast<std::size_t>(settings.streams.queue_records),
                     .max_queued_bytes = settings.streams.queue_bytes,
                     .recovery = recovery_for(use)}));
  return log;
}

std::pair<std::unique_ptr<storage::TableStore>, storage::SwitchedTables*> counted(
    const std::shared_ptr<storage::TableStore>& tables, TableCounters& counters) {
  auto place = std::make_unique<storage::SwitchedTables>(tables);
  storage::SwitchedTables* const known = place.get();
  return {std::make_unique<storage::CountedTables>(std::move(place), counters), known};
}

}  // namespace

Engines::~Engines() {
  if (log) log->close();
  if (tables) tables->close();
  if (answers) answers->close();
  if (configured_tables) configured_tables->close();
}

Result<Engines> open_engines(const schema::Settings& settings, Counters& counters, EngineUse use) {
  const std::filesystem::path folder(settings.data.dir);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return fail(ErrorCode::unavailable,
                "cannot create the data folder " + folder.string() + ": " + failed.message());
  }
  BB_ASSIGN_OR_RETURN(auto log, open_log(settings, counters, use));
  BB_ASSIGN_OR_RETURN(auto tables, open_tables(settings, use));
  Engines engines;
  engines.log = std::make_unique<streams::CountedLog>(std::move(log), counters.log);
  std::tie(engines.tables, engines.tables_place) = counted(tables.processed, counters.tables);
  std::tie(engines.answers, engines.answers_place) = counted(tables.answering, counters.tables);
  engines.configured_tables = std::move(tables.configured);
  engines.keyspaces = std::move(tables.keyspaces);
  BB_ASSIGN_OR_RETURN(engines.lake, open_lake(settings));
  return engines;
}

Result<std::unique_ptr<streams::Assignment>> open_assignment(
    const schema::Settings& settings, streams::EventLog& log, std::string_view group,
    std::vector<streams::TopicPartition> partitions) {
  if (settings.streams.engine == "kafka") return join_kafka_group(settings, group);
  return streams::own_all(log, std::string(group), std::move(partitions));
}

}  // namespace bytebasket::app
