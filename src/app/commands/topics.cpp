#include <iostream>

#include <CLI/CLI.hpp>

#include "app/commands/command.hpp"
#include "app/engines/kafka_engine.hpp"

namespace bytebasket::app {
namespace {

/// Prints the steps. An impossible one makes the command say no.
void show(const std::vector<TopicStep>& steps, CommandContext& context) {
  for (const TopicStep& step : steps) {
    std::cout << (step.possible ? "" : "not possible: ") << step.topic << ": " << step.what << '\n';
    if (!step.possible) context.exit_code = ExitCode::says_no;
  }
  if (steps.empty()) std::cout << "all topics are as configured\n";
}

void run_topics(CommandContext& context,
                Result<std::vector<TopicStep>> (*act)(const schema::Settings&)) {
  const auto configuration = context.configuration();
  if (!configuration) return;
  const schema::Settings& settings = configuration->settings;
  if (settings.streams.engine != "kafka") {
    return context.report_usage("streams.engine is " + settings.streams.engine +
                                ": only Kafka has topics");
  }
  if (const auto checked = check_kafka(settings); !checked) {
    std::cerr << checked.error().message << '\n';
    context.exit_code = ExitCode::configuration;
    return;
  }
  const auto steps = act(settings);
  if (!steps) return context.report(steps.error());
  show(*steps, context);
}

}  // namespace

void add_topics(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand("topics", "Kafka's topics: what they need, and make it so");
  command->require_subcommand(1);
  auto* plan = command->add_subcommand("plan", "Print what `apply` would change; changes nothing");
  add_config_flag(*plan, context);
  plan->callback([&context] { run_topics(context, plan_topics); });
  auto* apply = command->add_subcommand("apply", "Create topics, and set what differs");
  add_config_flag(*apply, context);
  apply->callback([&context] { run_topics(context, apply_topics); });
}

}  // namespace bytebasket::app
