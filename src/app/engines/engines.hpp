// Which engines keep the log, the tables and the lake: the only place that chooses.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "app/engines/keyspace_generations.hpp"
#include "app/engines/open_tables.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "schema/settings.hpp"
#include "storage/file_store.hpp"
#include "storage/switched_tables.hpp"
#include "storage/table_store.hpp"
#include "streams/assignment.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::app {

/// The opened engines. Closed (log first) and released in the destructor.
struct Engines {
  std::unique_ptr<streams::EventLog> log;
  std::unique_ptr<storage::TableStore> tables;   ///< what is processed is written there
  std::unique_ptr<storage::TableStore> answers;  ///< where answers are read
  /// Cassandra: the tables in the configured keyspace, which says where the others are.
  std::shared_ptr<storage::TableStore> configured_tables;
  KeyspaceGenerations keyspaces;             ///< that were opened as `tables` and `answers`
  std::unique_ptr<storage::FileStore> lake;  ///< none where lake.engine is none
  /// Behind `tables` and `answers`: one and the same store, but while a rebuild lets another take
  /// its place.
  storage::SwitchedTables* tables_place = nullptr;
  storage::SwitchedTables* answers_place = nullptr;

  Engines() = default;
  Engines(Engines&&) noexcept = default;
  Engines& operator=(Engines&&) noexcept = default;
  ~Engines();
};

/// Opens (or creates) what the settings name, counting into `counters`, which must outlive them.
/// `already_exists`: another process serves the folder; the message says which.
Result<Engines> open_engines(const schema::Settings& settings, Counters& counters,
                             EngineUse use = EngineUse::serving);

/// Which of `partitions` this process is to work on: all of them, or what the members of the
/// consumer group share.
Result<std::unique_ptr<streams::Assignment>> open_assignment(
    const schema::Settings& settings, streams::EventLog& log, std::string_view group,
    std::vector<streams::TopicPartition> partitions);

}  // namespace bytebasket::app
