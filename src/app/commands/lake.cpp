#include "app/engines/lake.hpp"

#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/commands/command.hpp"
#include "app/engines/engines.hpp"

namespace bytebasket::app {
namespace {

/// Calls `work(settings, lake)` with the configured lake.
template <typename Work>
void with_lake(CommandContext& context, Work work) {
  const auto configuration = context.configuration();
  if (!configuration) return;
  const auto lake = open_lake(configuration->settings);
  if (!lake) return context.report(lake.error());
  if (!*lake) {
    return context.report({ErrorCode::invalid_argument,
                           "there is no lake: lake.engine is none; set it to local or "
                           "hdfs (BYTEBASKET_LAKE__ENGINE=local)"});
  }
  if (const Status done = work(configuration->settings, **lake); !done)
    context.report(done.error());
}

void list(CommandContext& context, const std::string& stream_name) {
  const auto stream = streams::stream_named(stream_name);
  if (!stream) {
    return context.report_usage("--stream is user-activity or transactions, not '" + stream_name +
                                "'");
  }
  with_lake(context, [&](const schema::Settings&, storage::FileStore& lake) -> Status {
    BB_ASSIGN_OR_RETURN(const auto files, list_lake(lake, *stream));
    for (const LakeListing& file : files) {
      if (context.format == OutputFormat::json) {
        const nlohmann::ordered_json json = {
            {"path", file.path}, {"rows", file.rows}, {"bytes", file.bytes}};
        std::cout << json.dump() << '\n';
      } else {
        std::cout << file.path << '\n';
      }
    }
    if (files.empty())
      std::cerr << "nothing of " << stream_name << " in " << lake.describe() << '\n';
    return ok();
  });
}

void compact(CommandContext& context) {
  with_lake(context, [](const schema::Settings& settings, storage::FileStore& lake) -> Status {
    BB_ASSIGN_OR_RETURN(const auto order, keep_lake_in_order(lake, settings, SystemClock().now()));
    std::cout << order.removed << " files merged into " << order.merged << ", "
              << order.days_removed << " days removed\n";
    return ok();
  });
}

void archive(CommandContext& context) {
  const auto configuration = context.configuration();
  if (!configuration) return;
  Counters counters;
  auto engines = open_engines(configuration->settings, counters);
  if (!engines) return context.report(engines.error());
  if (!engines->lake)
    return context.report({ErrorCode::invalid_argument, "there is no lake: lake.engine is none"});
  const auto archived = archive_log(*engines, configuration->settings);
  if (!archived) return context.report(archived.error());
  std::cout << *archived << " records archived in " << engines->lake->describe() << '\n';
}

}  // namespace

void add_lake(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand("lake", "Both streams as Parquet files, for batch jobs");
  command->require_subcommand(1);
  const auto stream = std::make_shared<std::string>("user-activity");

  auto* ls = command->add_subcommand(
      "ls", "The files that hold each record once, for readers that take a list of files");
  add_config_flag(*ls, context);
  add_data_flag(*ls, context);
  add_format_flag(*ls, context, false);
  ls->add_option("--stream", *stream, "user-activity or transactions")->capture_default_str();
  ls->callback([&context, stream] { list(context, *stream); });

  auto* compacting = command->add_subcommand(
      "compact", "Merge the files of hours that are over, remove days beyond lake.retention");
  add_config_flag(*compacting, context);
  add_data_flag(*compacting, context);
  compacting->callback([&context] { compact(context); });

  auto* archiving = command->add_subcommand(
      "archive", "Archive what the log holds (a served log is archived by its server)");
  add_config_flag(*archiving, context);
  add_data_flag(*archiving, context);
  archiving->callback([&context] { archive(context); });
}

}  // namespace bytebasket::app
