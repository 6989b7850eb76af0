#include <iostream>

#include <CLI/CLI.hpp>

#include "app/commands/command.hpp"
#include "app/configuration/documents.hpp"
#include "app/engines/kafka_engine.hpp"

namespace bytebasket::app {

void add_validate(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand("validate",
                                     "Check a configuration with its metrics and fraud rules; "
                                     "prints every mistake, starts nothing");
  command->add_option("config", context.config, "Configuration file (YAML)")->type_name("FILE");
  add_config_flag(*command, context);
  command->callback([&context] {
    const auto read = context.read_configuration();
    if (!read) return;
    // The files that it names are checked too where it has mistakes itself: all are said at once.
    const schema::Settings& settings = read->configuration.settings;
    const auto documents = read_documents(settings);
    const auto kafka = check_kafka(settings);
    if (!read->mistakes.empty()) std::cerr << read->mistakes << '\n';
    if (!documents) std::cerr << documents.error().message << '\n';
    if (!kafka) std::cerr << kafka.error().message << '\n';
    if (!read->mistakes.empty() || !documents || !kafka) {
      context.exit_code = ExitCode::configuration;
      return;
    }
    std::cout << "valid: " << documents->metrics.all().size() << " metrics\n";
    for (const auto& document : documents->all)
      std::cout << "  " << document.kind << " " << document.hash << '\n';
  });
}

}  // namespace bytebasket::app
