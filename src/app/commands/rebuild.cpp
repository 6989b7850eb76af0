#include "verification/rebuild.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/commands/command.hpp"
#include "app/commands/rebuild_on_server.hpp"
#include "app/configuration/documents.hpp"
#include "app/engines/engines.hpp"
#include "app/engines/open_tables.hpp"
#include "app/engines/past_events.hpp"
#include "app/engines/processor_choice.hpp"
#include "app/rebuild/keyspace_succession.hpp"
#include "app/rebuild/next_tables.hpp"
#include "app/rebuild/rebuild_request.hpp"

namespace bytebasket::app {
namespace {

using Rebuilt = std::vector<verification::RebuiltPartition>;

struct RebuildFlags {
  std::string into;
  RebuildRequest request;
};

Result<Rebuilt> rebuild_into(storage::TableStore& fresh, Engines& engines,
                             const schema::Settings& settings, const Documents& documents,
                             const RebuildFlags& flags) {
  BB_ASSIGN_OR_RETURN(const auto past, PastEvents::open(engines));
  return verification::rebuild(past->history(), *engines.tables, fresh,
                               processed_partitions(*engines.log), processor_choice(settings, {}),
                               rebuild_options(settings, documents, flags.request));
}

/// Makes the next generation beside the one that serves, which stays as it is until the new one is
/// complete and durable.
Result<Rebuilt> rebuild_folder(const schema::Settings& settings, const Documents& documents,
                               const RebuildFlags& flags) {
  Counters counters;
  BB_ASSIGN_OR_RETURN(Engines engines, open_engines(settings, counters));
  BB_ASSIGN_OR_RETURN(const auto next, NextTables::make(settings));
  BB_ASSIGN_OR_RETURN(auto rebuilt,
                      rebuild_into(next->filling(), engines, settings, documents, flags));
  next->finish_filling();
  BB_RETURN_IF_ERROR(next->publish());
  engines.tables->abandon();
  next->remove_former();
  return rebuilt;
}

/// Makes a keyspace of its own; whoever serves goes on with the old one until the configuration
/// names the new one.
Result<Rebuilt> rebuild_keyspace(const schema::Settings& settings, const Documents& documents,
                                 const RebuildFlags& flags) {
  BB_RETURN_IF_ERROR(make_keyspace(settings, flags.into));
  BB_ASSIGN_OR_RETURN(const auto fresh, open_keyspace(settings, flags.into));
  BB_ASSIGN_OR_RETURN(const bool empty, is_empty(*fresh));
  if (!empty) {
    return fail(ErrorCode::already_exists, "keyspace " + flags.into +
                                               " has tables that were made before, perhaps by a "
                                               "rebuild that was interrupted: drop it, or name "
                                               "another");
  }
  Counters counters;
  BB_ASSIGN_OR_RETURN(Engines engines, open_engines(settings, counters));
  auto rebuilt = rebuild_into(*fresh, engines, settings, documents, flags);
  fresh->close();
  return rebuilt;
}
Result<Rebuilt> rebuild(schema::Settings settings, const RebuildFlags& flags) {
  // Nothing is appended: what a collector beside us holds stays its own, and topics are as they
  // are.
  settings.kafka.spool_bytes = 0;
  settings.kafka.create_topics = false;
  const bool embedded = settings.storage.engine == "embedded";
  if (embedded != flags.into.empty()) {
    return fail(ErrorCode::invalid_argument,
                embedded ? "--into names a keyspace, but storage.engine is embedded"
                         : "name the keyspace for the new tables with --into");
  }
  BB_ASSIGN_OR_RETURN(const Documents documents, read_documents(settings));
  return embedded ? rebuild_folder(settings, documents, flags)
                  : rebuild_keyspace(settings, documents, flags);
}

void rebuild_here(CommandContext& context, const RebuildFlags& flags) {
  const auto configuration = context.configuration();
  if (!configuration) return;
  const auto rebuilt = rebuild(configuration->settings, flags);
  if (!rebuilt) return context.report(rebuilt.error());
  for (const auto& partition : *rebuilt) {
    std::cout << to_string(partition.where) << ": " << partition.events
              << " events computed again, up to offset " << partition.position.offset.value()
              << '\n';
  }
  if (!flags.into.empty())
    std::cerr << "set cassandra.keyspace to " << flags.into
              << " and start again, process by process\n";
}

void run(CommandContext& context, const RebuildFlags& flags) {
  if (!context.url) return rebuild_here(context, flags);
  if (!flags.into.empty()) return context.report_usage("--into does not go with --url");
  const Status done = rebuild_on_server(context.server(), flags.request);
  if (!done) context.report(done.error());
}

}  // namespace

void add_rebuild(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "rebuild", "Make the tables anew from the events: metrics declared today get their past");
  auto flags = std::make_shared<RebuildFlags>();
  command
      ->add_option(
          "--into", flags->into,
          "Cassandra: a new keyspace for the tables, to be named in the configuration then")
      ->type_name("KEYSPACE");
  command->add_flag("--redecide", flags->request.redecide,
                    "Judge all payments again by the rules of today; without it decisions stay");
  command->add_flag("--incomplete", flags->request.incomplete,
                    "Also where the oldest events are gone: what they counted is lost");
  add_place_flags(*command, context);
  command->callback([&context, flags] { run(context, *flags); });
}

}  // namespace bytebasket::app
