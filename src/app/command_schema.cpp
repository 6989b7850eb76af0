#include <iostream>

#include <CLI/CLI.hpp>

#include "app/cassandra_settings.hpp"
#include "app/command.hpp"
#if BYTEBASKET_CASSANDRA
#include "storage/cassandra/cassandra_schema.hpp"
#endif

namespace bytebasket::app {
namespace {

#if BYTEBASKET_CASSANDRA
Status print_plan(const schema::CassandraSettings& settings) {
  BB_ASSIGN_OR_RETURN(const auto options, cassandra_options(settings));
  BB_ASSIGN_OR_RETURN(const auto changes, storage::plan_schema(options));
  for (const storage::SchemaChange& change : changes) {
    std::cout << "-- " << change.title << '\n';
    for (const std::string& statement : change.statements) std::cout << statement << ";\n";
  }
  if (changes.empty()) std::cerr << "keyspace " << options.keyspace << " is as declared\n";
  return ok();
}

Status apply(const schema::CassandraSettings& settings) {
  BB_ASSIGN_OR_RETURN(const auto options, cassandra_options(settings));
  bool changed = false;
  BB_RETURN_IF_ERROR(storage::apply_schema(options, [&](const storage::SchemaChange& change) {
    changed = true;
    std::cerr << "made " << change.title << '\n';
  }));
  if (!changed) std::cerr << "keyspace " << options.keyspace << " is as declared\n";
  return ok();
}
#else
Status print_plan(const schema::CassandraSettings& /*settings*/) {
  return fail(without_cassandra());
}
Status apply(const schema::CassandraSettings& /*settings*/) { return fail(without_cassandra()); }
#endif

using Action = Status (*)(const schema::CassandraSettings&);

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
    if (auto done = action(configuration->settings.cassandra); !done) context.report(done.error());
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
