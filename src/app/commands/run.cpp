#include <iostream>

#include <CLI/CLI.hpp>

#include "app/commands/command.hpp"
#include "app/configuration/documents.hpp"
#include "app/engines/kafka_engine.hpp"
#include "app/service/service.hpp"
#include "base/log.hpp"

namespace bytebasket::app {

void add_run(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "run", "Serve: collect events, process them, answer the API and the dashboard");
  add_config_flag(*command, context);
  add_data_flag(*command, context);
  command->add_option("--listen", context.listen, "Address to listen on (127.0.0.1:8080)")
      ->type_name("HOST:PORT");
  command
      ->add_option("--roles", context.roles,
                   "What this process does, of collect, process and serve (all)")
      ->type_name("ROLE,…");
  command->callback([&context] {
    StopSignal stop_signal;
    auto configuration = context.configuration();
    if (!configuration) return;
    auto documents = read_documents(configuration->settings);
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
    const bool demo_key = configuration->demo_write_key;
    auto service = Service::start(std::move(*configuration), std::move(*documents));
    if (!service) return context.report(service.error());
    // One line on standard output, for scripts that chose port 0.
    std::cout << (*service)->url() << std::endl;
    if (demo_key) spdlog::info("no write keys are configured: the write key `demo` is accepted");
    stop_signal.wait();
    spdlog::info("stopping: what was accepted is being processed and stored");
    if (auto stopped = (*service)->stop(); !stopped) context.report(stopped.error());
  });
}

}  // namespace bytebasket::app
