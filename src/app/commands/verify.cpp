#include "verification/verify.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>

#include "app/commands/command.hpp"
#include "app/configuration/documents.hpp"
#include "app/engines/engines.hpp"
#include "app/engines/past_events.hpp"
#include "app/engines/processor_choice.hpp"
#include "app/engines/scratch_tables.hpp"

namespace bytebasket::app {
namespace {

struct VerifyFlags {
  std::string scratch;
  std::size_t differences = 100;
};

Result<verification::Report> verify(schema::Settings settings, const VerifyFlags& flags) {
  // Nothing is appended: what a collector beside us holds stays its own, and topics are as they
  // are.
  settings.kafka.spool_bytes = 0;
  settings.kafka.create_topics = false;
  Counters counters;
  BB_ASSIGN_OR_RETURN(const Engines engines, open_engines(settings, counters, EngineUse::reading));
  BB_ASSIGN_OR_RETURN(const auto past, PastEvents::open(engines));
  const verification::Subject subject{.tables = *engines.tables,
                                      .history = past->history(),
                                      .partitions = processed_partitions(*engines.log),
                                      .processors = processor_choice(settings, {})};
  verification::VerifyOptions options;
  // What is computed again is held as the processors have it, and as rows when they have flushed.
  options.replay.memory = settings.processing.memory / 4 * 3;
  const ScratchMemory scratch{
      .held = settings.processing.memory / 4 + settings.storage.memory / 4 * 3,
      .beneath = settings.storage.memory / 4};
  options.replay.max_records = static_cast<std::size_t>(settings.processing.max_batch);
  options.replay.retention = grain_retention(settings);
  options.threads = std::max(std::thread::hardware_concurrency(), 1U);
  options.kept_differences = flags.differences;
  return verification::verify(subject, scratch_tables(flags.scratch, scratch), options);
}

void run(CommandContext& context, const VerifyFlags& flags) {
  const auto configuration = context.configuration();
  if (!configuration) return;
  const auto report = verify(configuration->settings, flags);
  if (!report) return context.report(report.error());
  std::cout << (context.format == OutputFormat::json ? to_json(*report) + "\n" : to_text(*report));
  if (!report->passed()) context.exit_code = ExitCode::says_no;
}

}  // namespace

void add_verify(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "verify", "Compute every row again from its events and compare it with the tables");
  auto flags = std::make_shared<VerifyFlags>();
  command
      ->add_option("--scratch", flags->scratch,
                   "Folder for what is computed again, as large as the tables (default: the "
                   "system's temporary folder)")
      ->type_name("DIR");
  command
      ->add_option("--differences", flags->differences,
                   "Most differences to print (100); all are counted")
      ->type_name("N");
  add_config_flag(*command, context);
  add_data_flag(*command, context);
  add_format_flag(*command, context, false);
  command->callback([&context, flags] { run(context, *flags); });
}

}  // namespace bytebasket::app
