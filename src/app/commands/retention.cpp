#include "app/service/retention.hpp"

#include <iostream>

#include <CLI/CLI.hpp>

#include "app/commands/command.hpp"
#include "app/engines/engines.hpp"

namespace bytebasket::app {

void add_retention(CLI::App& app, CommandContext& context) {
  auto* command =
      app.add_subcommand("retention", "Remove now what the retention settings no longer keep");
  add_config_flag(*command, context);
  add_data_flag(*command, context);
  command->callback([&context] {
    const auto configuration = context.configuration();
    if (!configuration) return;
    Counters counters;
    auto engines = open_engines(configuration->settings, counters);
    if (!engines) return context.report(engines.error());
    const auto report = apply_retention(*engines, configuration->settings, SystemClock().now());
    if (!report) return context.report(report.error());
    std::cout << report->records_removed
              << " records removed from the log; expired rows removed from the tables\n";
  });
}

}  // namespace bytebasket::app
