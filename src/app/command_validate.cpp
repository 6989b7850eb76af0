#include <iostream>

#include <CLI/CLI.hpp>

#include "app/command.hpp"
#include "app/documents.hpp"
#include "app/kafka_engine.hpp"

namespace bytebasket::app {

void add_validate(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand("validate",
                                     "Check a configuration with its metrics and fraud rules; "
                                     "prints every mistake, starts nothing");
  command->add_option("config", context.config, "Configuration file (YAML)")->type_name("FILE");
  add_config_flag(*command, context);
  command->callback([&context] {
    const auto configuration = context.configuration();
    if (!configuration) return;
    const auto documents = read_documents(configuration->settings);
    if (!documents) {
      std::cerr << documents.error().message << '\n';
      context.exit_code = ExitCode::configuration;
      return;
    }
    if (const auto kafka = check_kafka(configuration->settings); !kafka) {
      std::cerr << kafka.error().message << '\n';
      context.exit_code = ExitCode::configuration;
      return;
    }
    std::cout << "valid: " << documents->metrics.all().size() << " metrics\n";
    for (const auto& document : documents->all)
      std::cout << "  " << document.kind << " " << document.hash << '\n';
  });
}

}  // namespace bytebasket::app
