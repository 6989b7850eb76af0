#include "producers/import/import.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/commands/command.hpp"
#include "app/commands/import_report.hpp"
#include "app/commands/progress.hpp"
#include "app/configuration/documents.hpp"
#include "app/engines/engines.hpp"
#include "app/remote/server_call.hpp"
#include "app/remote/server_status.hpp"
#include "app/service/service.hpp"
#include "producers/import/http_sink.hpp"
#include "producers/import/log_sink.hpp"

namespace bytebasket::app {
namespace {

namespace imports = producers::import_;

struct ImportFlags {
  imports::ImportOptions options;
  std::string write_key = "demo";
};

imports::OnImportProgress shown_on(ProgressLine& line) {
  return [&line](const imports::ImportProgress& progress) {
    const std::string share =
        progress.file_bytes == 0
            ? std::string()
            : fmt::format("{:3} % of ", 100 * progress.file_bytes_read / progress.file_bytes);
    line.show(fmt::format("{}{}: {} rows, {} events, {} refused", share, progress.file,
                          progress.rows, progress.accepted, progress.refused));
  };
}

Result<ImportOutcome> import_watched(const ImportFlags& flags, imports::ImportSink& sink,
                                     const KeptTimes& kept, ProgressLine& line) {
  imports::AgeWatch watch(sink, kept_of_imported(kept), SystemClock().now());
  BB_ASSIGN_OR_RETURN(auto report, imports::import_files(flags.options, watch, shown_on(line)));
  return ImportOutcome{std::move(report), watch.counts(), watch.oldest()};
}

/// Waits until all that the log holds is stored, by whichever process owns it.
Status wait_until_stored(streams::EventLog& log, processors::Pipeline& pipeline) {
  std::vector<std::pair<streams::TopicPartition, Offset>> ends;
  for (const auto stream : {streams::Stream::user_activity, streams::Stream::transactions}) {
    for (std::int32_t partition = 0; partition < log.partitions(stream); ++partition) {
      const streams::TopicPartition where{stream, PartitionId(partition)};
      BB_ASSIGN_OR_RETURN(const auto range, log.range(where));
      ends.emplace_back(where, range.end);
    }
  }
  return pipeline.wait_until_stored(ends, Milliseconds::max() / 2);
}

/// Into a data folder: appended to its log, processed, and stored before this returns.
Result<ImportOutcome> import_to_folder(const Configuration& configuration,
                                       const ImportFlags& flags) {
  schema::Settings settings = configuration.settings;
  const bool alone = settings.streams.engine == "embedded";
  // Nobody can ask a folder before this returns: rows are written when memory asks for it, and at
  // the end.
  if (alone) settings.processing.flush_interval = std::chrono::hours(1);
  BB_ASSIGN_OR_RETURN(const Documents documents, read_documents(settings));
  Counters counters;
  BB_ASSIGN_OR_RETURN(Engines engines, open_engines(settings, counters));
  BB_ASSIGN_OR_RETURN(const auto pipeline, make_pipeline(*engines.log, *engines.tables, settings,
                                                         documents, counters, {}));
  BB_RETURN_IF_ERROR(pipeline->start());
  ProgressLine line;
  const auto sink = imports::make_log_sink(*engines.log);
  auto outcome = import_watched(flags, *sink, kept_times(settings.retention), line);
  line.show("processing what was read");
  if (!alone) BB_RETURN_IF_ERROR(wait_until_stored(*engines.log, *pipeline));
  BB_RETURN_IF_ERROR(pipeline->stop());
  BB_RETURN_IF_ERROR(engines.tables->sync());
  return outcome;
}

/// So often nothing must wait before everything is processed.
constexpr int idle_looks = 3;

/// Whether a stage has something before it. A lag that is not known is not none.
bool waits(const ServerStage& stage) {
  // The log's is what waits in a spool.
  return (stage.name == "process" || stage.name == "log") && stage.lag != 0;
}

/// Waits until a running ByteBasket has processed what it has taken in.
Status wait_until_processed(const CommandContext& context) {
  for (int idle = 0; idle < idle_looks;) {
    const auto answer = get_from_server(context.server(), "/api/v1/status");
    if (!answer) {
      return fail(ErrorCode::unavailable,
                  "the events are in, but GET /api/v1/status fails (" + answer.error().message +
                      "): cannot tell when they are processed (see --token)");
    }
    BB_ASSIGN_OR_RETURN(const auto status, read_server_status(*answer));
    // Several times, for the lag is what it was a second ago, and rows are written a moment later.
    idle = std::ranges::any_of(status.stages, waits) ? 0 : idle + 1;
    std::this_thread::sleep_for(Milliseconds(600));
  }
  return ok();
}

/// Nothing where it does not say; that it cannot be asked is said by whoever waits for it.
KeptTimes kept_by_server(const CommandContext& context) {
  const auto answer = get_from_server(context.server(), "/api/v1/status");
  if (!answer) return {};
  const auto status = read_server_status(*answer);
  return status ? status->retention : KeptTimes{};
}

Result<ImportOutcome> import_to_server(const CommandContext& context, const ImportFlags& flags) {
  BB_ASSIGN_OR_RETURN(const auto sink,
                      imports::make_http_sink({.url = *context.url, .write_key = flags.write_key}));
  ProgressLine line;
  BB_ASSIGN_OR_RETURN(auto outcome, import_watched(flags, *sink, kept_by_server(context), line));
  line.show("waiting until it is processed");
  BB_RETURN_IF_ERROR(wait_until_processed(context));
  return outcome;
}

void run_import(CommandContext& context, const ImportFlags& flags) {
  std::optional<Configuration> configuration;
  if (!context.url) {
    configuration = context.configuration();
    if (!configuration) return;
  }
  const auto outcome =
      context.url ? import_to_server(context, flags) : import_to_folder(*configuration, flags);
  if (!outcome) return context.report(outcome.error());
  std::cout << (context.format == OutputFormat::json ? json_of(*outcome) : text_of(*outcome));
}

}  // namespace

void add_import(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "import", "Read files of events; returns when they are processed and can be asked for");
  auto flags = std::make_shared<ImportFlags>();
  command
      ->add_option("files", flags->options.files,
                   "Files: plain, gzip or Zstandard; - is standard input")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--format", flags->options.format,
                   "segment, rees46, retailrocket, online-retail, snowplow, or a mapping file")
      ->required()
      ->type_name("FORMAT|MAPPING.yml");
  command->add_option("--write-key", flags->write_key, "Write key for --url")
      ->capture_default_str();
  add_format_flag(*command, context, false, "--report", "Form of the report");
  add_place_flags(*command, context);
  command->callback([&context, flags] { run_import(context, *flags); });
}

}  // namespace bytebasket::app
