#include "app/rebuild/keyspace_follower.hpp"

#include <utility>

#include "app/engines/keyspace_generations.hpp"
#include "app/engines/open_tables.hpp"
#include "app/engines/processor_choice.hpp"
#include "base/log.hpp"
#include "processors/job_state.hpp"

namespace bytebasket::app {
namespace {

constexpr Milliseconds look_interval{500};

/// The rebuild itself took each partition over once; whoever does after it owns it there.
constexpr std::int64_t generation_of_rebuild = 1;

}  // namespace

KeyspaceFollower::KeyspaceFollower(Engines& engines, const schema::Settings& settings,
                                   ChangeTables change_tables)
    : engines_(engines),
      settings_(settings),
      change_tables_(std::move(change_tables)),
      processed_(engines.keyspaces.processed()),
      answering_(engines.keyspaces.current),
      thread_(look_interval, PeriodicThread::Begin::after_a_pause, [this] { look(); }) {}

void KeyspaceFollower::look() {
  const Status followed = follow();
  if (!followed && followed.error().code != ErrorCode::cancelled)
    spdlog::warn("tables: {}; looking again", followed.error().message);
  release_former();
}

Status KeyspaceFollower::follow() {
  const std::string& name = settings_.cassandra.keyspace;
  BB_ASSIGN_OR_RETURN(const auto named, load_generations(*engines_.configured_tables, name));
  if (named.processed() != processed_) BB_RETURN_IF_ERROR(move_processing(named.processed()));
  if (named.current != answering_) BB_RETURN_IF_ERROR(move_answers(named.current));
  if (!named.next) return ok();
  BB_ASSIGN_OR_RETURN(const bool caught_up, has_caught_up());
  if (!caught_up) return ok();
  // Where another process was faster, the next look sees what it said.
  BB_ASSIGN_OR_RETURN(const bool replaced,
                      replace_generations(*engines_.configured_tables, name, named,
                                          {.current = *named.next, .next = {}}));
  return replaced ? move_answers(*named.next) : ok();
}

Status KeyspaceFollower::move_processing(const std::string& keyspace) {
  BB_ASSIGN_OR_RETURN(auto tables, open(keyspace));
  std::shared_ptr<storage::TableStore> former;
  BB_RETURN_IF_ERROR(change_tables_([&] { former = engines_.tables_place->put(tables); }));
  former_.push_back(std::move(former));
  processed_ = keyspace;
  spdlog::info("tables: processing goes on in keyspace {}", keyspace);
  return ok();
}

Status KeyspaceFollower::move_answers(const std::string& keyspace) {
  BB_ASSIGN_OR_RETURN(auto tables, open(keyspace));
  former_.push_back(engines_.answers_place->put(std::move(tables)));
  spdlog::info("tables: answers come from keyspace {}; {} is no longer asked", keyspace,
               answering_);
  answering_ = keyspace;
  return ok();
}

Result<bool> KeyspaceFollower::has_caught_up() {
  const auto next = engines_.tables_place->in_place();
  // The owners first: what one has moved grows no more in the present tables.
  for (const auto where : processed_partitions(*engines_.log)) {
    BB_ASSIGN_OR_RETURN(const auto intent, processors::FlushIntent::load(*next, where));
    if (!intent || intent->generation <= generation_of_rebuild) return false;
  }
  BB_ASSIGN_OR_RETURN(const bool behind,
                      is_behind(*engines_.log, *engines_.answers_place->in_place(), *next));
  return !behind;
}

Result<std::shared_ptr<storage::TableStore>> KeyspaceFollower::open(const std::string& keyspace) {
  if (keyspace == processed_) return engines_.tables_place->in_place();
  if (keyspace == answering_) return engines_.answers_place->in_place();
  if (keyspace == settings_.cassandra.keyspace) return engines_.configured_tables;
  BB_ASSIGN_OR_RETURN(auto tables, open_keyspace(settings_, keyspace));
  return std::shared_ptr<storage::TableStore>(std::move(tables));
}

void KeyspaceFollower::release_former() {
  // A store ends its connections where it goes, which must not be one of their own threads.
  std::erase_if(former_, [this](const auto& tables) {
    return tables.use_count() == 1 || tables == engines_.configured_tables;
  });
}

}  // namespace bytebasket::app
