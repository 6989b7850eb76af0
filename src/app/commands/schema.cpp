#include <iostream>

#include <CLI/CLI.hpp>

#include "app/commands/command.hpp"
#include "app/engines/cassandra_settings.hpp"
#include "app/rebuild/keyspace_succession.hpp"
#if BYTEBASKET_CASSANDRA
#include "storage/cassandra/cassandra_schema.hpp"
#endif

namespace bytebasket::app {
namespace {

#if BYTEBASKET_CASSANDRA
Result<storage::CassandraOptions> options_for(const schema::Settings& settings,
                                              const std::string& keyspace) {
  schema::CassandraSettings there = settings.cassandra;
  there.keyspace = keyspace;
  return cassandra_options(there);
}

/// True where there is something to change.
Result<bool> print_plan(const storage::CassandraOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto changes, storage::plan_schema(options));
  for (const storage::SchemaChange& change : changes) {
    std::cout << "-- " << change.title << '\n';
    for (const std::string& statement : change.statements) std::cout << statement << ";\n";
  }
  if (changes.empty()) std::cerr << "keyspace " << options.keyspace << " is as declared\n";
  return !changes.empty();
}

Status apply(const storage::CassandraOptions& options) {
  bool changed = false;
  BB_RETURN_IF_ERROR(storage::apply_schema(options, [&](const storage::SchemaChange& change) {
    changed = true;
    std::cerr << "made " << change.title << '\n';
  }));
  if (!changed) std::cerr << "keyspace " << options.keyspace << " is as declared\n";
  return ok();
}

/// The configured keyspace first: what others there are is said in its tables.
Status print_plan(const schema::Settings& settings) {
  BB_ASSIGN_OR_RETURN(const auto first, options_for(settings, settings.cassandra.keyspace));
  BB_ASSIGN_OR_RETURN(const bool changes, print_plan(first));
  if (changes) return ok();
  BB_ASSIGN_OR_RETURN(const auto keyspaces, keyspaces_in_use(settings));
  for (std::size_t i = 1; i < keyspaces.size(); ++i) {
    BB_ASSIGN_OR_RETURN(const auto options, options_for(settings, keyspaces[i]));
    BB_ASSIGN_OR_RETURN(const bool more, print_plan(options));
    static_cast<void>(more);
  }
  return ok();
}

Status apply(const schema::Settings& settings) {
  BB_ASSIGN_OR_RETURN(const auto first, options_for(settings, settings.cassandra.keyspace));
  BB_RETURN_IF_ERROR(apply(first));
  BB_ASSIGN_OR_RETURN(const auto keyspaces, keyspaces_in_use(settings));
  for (std::size_t i = 1; i < keyspaces.size(); ++i) {
    BB_ASSIGN_OR_RETURN(const auto options, options_for(settings, keyspaces[i]));
    BB_RETURN_IF_ERROR(apply(options));
  }
  return ok();
}
#else
Status print_plan(const schema::Settings& /*settings*/) { return fail(without_cassandra()); }
Status apply(const schema::Settings& /*settings*/) { return fail(without_cassandra()); }
#endif

using Action = Status (*)(const schema::Settings&);

void add_action(CLI::App& parent, CommandContext& context, const char* name, const char* help,
                Action action) {
  auto* command = parent.add_subcommand(name, help);
  add_config_flag(*command, context);
  command->callback([&context, action] {
    const auto configuration = context.configuration();
    if (!configuration) return;
    if (const auto& engine = configuration->settings.storage.engine; engine != "cassandra") {
      return context.report_usage("storage.engine is " + engine +
                                  ", which makes its tables by itself: only cassandra's are made "
                                  "by this command");
    }
    if (auto done = action(configuration->settings); !done) context.report(done.error());
  });
}

}  // namespace

void add_schema(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand("schema", "The keyspace and tables in Cassandra");
  command->require_subcommand(1);
  add_action(*command, context, "plan", "Print the CQL that is to be run, and run nothing",
             print_plan);
  add_action(*command, context, "apply", "Make what is missing; can be run again without harm",
             apply);
}

}  // namespace bytebasket::app
