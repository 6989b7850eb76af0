#include "app/commands/command.hpp"

#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "base/log.hpp"

namespace bytebasket::app {
namespace {

constexpr const char* version = BYTEBASKET_VERSION;

/// `HOST:PORT`, `:PORT`, `[::1]:PORT` → two settings.
std::optional<std::pair<std::string, std::string>> split_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  std::string host(text.substr(0, colon));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) host = "127.0.0.1";
  return std::pair(std::move(host), std::string(text.substr(colon + 1)));
}

ExitCode exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return ExitCode::usage;
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::already_exists:
      return ExitCode::says_no;
    default:
      return ExitCode::internal;
  }
}

void set_up_logging(const schema::Settings& settings) {
  const bool colour = is_terminal(STDERR_FILENO) && std::getenv("NO_COLOR") == nullptr;
  configure_logging(
      spdlog::level::from_str(settings.log.level == "warn" ? "warning" : settings.log.level),
      settings.log.format == "json" ? LogFormat::json : LogFormat::text, colour);
}

}  // namespace

bool is_terminal(int file) { return ::isatty(file) == 1; }

std::optional<ReadConfiguration> CommandContext::read_configuration() {
  std::vector<SettingOverride> overrides;
  if (data) overrides.push_back({"--data", "data.dir", *data});
  if (listen) {
    const auto parts = split_listen(*listen);
    if (!parts) {
      report_usage("--listen takes HOST:PORT, for example 127.0.0.1:8080, not '" + *listen + "'");
      return std::nullopt;
    }
    overrides.push_back({"--listen", "listen.address", parts->first});
    overrides.push_back({"--listen", "listen.port", parts->second});
  }
  if (roles) overrides.push_back({"--roles", "service.roles", *roles});
  std::optional<std::filesystem::path> file;
  if (config) file = *config;
  return app::read_configuration(file, process_environment(), overrides);
}

std::optional<Configuration> CommandContext::configuration() {
  auto read = read_configuration();
  if (!read) return std::nullopt;
  if (!read->mistakes.empty()) {
    std::cerr << read->mistakes << '\n';
    exit_code = ExitCode::configuration;
    return std::nullopt;
  }
  set_up_logging(read->configuration.settings);
  return std::move(read->configuration);
}

void CommandContext::report(const Error& error) {
  std::cerr << "bytebasket: " << error.message << '\n';
  exit_code = exit_code_of(error.code);
}

void CommandContext::report_usage(std::string_view message) {
  std::cerr << "bytebasket: " << message << '\n';
  exit_code = ExitCode::usage;
}

void add_config_flag(CLI::App& command, CommandContext& context) {
  command
      .add_option("--config", context.config,
                  "Configuration file (YAML); without one the defaults hold")
      ->type_name("FILE");
}

void add_data_flag(CLI::App& command, CommandContext& context) {
  command.add_option("--data", context.data, "Folder of the embedded engines")->type_name("DIR");
}

void add_place_flags(CLI::App& command, CommandContext& context) {
  add_config_flag(command, context);
  auto* data = command.add_option("--data", context.data,
                                  "Folder of the embedded engines (no process may serve it)");
  data->type_name("DIR");
  auto* url =
      command.add_option("--url", context.url, "Address of a running ByteBasket")->type_name("URL");
  data->excludes(url);
  command.add_option("--token", context.token, "Bearer token for --url (also BYTEBASKET_TOKEN)")
      ->envname("BYTEBASKET_TOKEN")
      ->type_name("TOKEN");
}

void add_format_flag(CLI::App& command, CommandContext& context, bool csv, const char* name,
                     const char* help) {
  const std::string allowed = csv ? "text|json|csv" : "text|json";
  command
      .add_option_function<std::string>(
          name,
          [&context, name, csv, allowed](const std::string& text) {
            if (text == "json") {
              context.format = OutputFormat::json;
            } else if (csv && text == "csv") {
              context.format = OutputFormat::csv;
            } else if (text != "text") {
              throw CLI::ValidationError(name, "'" + text + "' is not allowed: " + allowed);
            }
          },
          help)
      ->type_name(allowed)
      ->default_str("text");
}

int run_command_line(int argc, const char* const* argv) {
  CLI::App app("Real-time processing and analytics of e-commerce events.", "bytebasket");
  app.set_version_flag("--version", std::string("bytebasket ") + version);
  app.require_subcommand(1);
  app.footer("Each command explains itself: bytebasket COMMAND --help");
  CommandContext context;
  for (const auto add : {add_demo, add_run, add_generate, add_import, add_query, add_validate,
                         add_doctor, add_dead_letters, add_evaluate, add_verify, add_rebuild,
                         add_lake, add_retention, add_topics, add_schema, add_completions}) {
    add(app, context);
  }
  const std::string first = argc > 1 ? argv[1] : "-";
  const auto is_first = [&first](const CLI::App* each) { return each->get_name() == first; };
  if (!first.starts_with('-') && app.get_subcommands(is_first).empty()) {
    context.report_usage("there is no command '" + first + "'; bytebasket --help lists them");
    return static_cast<int>(context.exit_code);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are "errors" of code 0; everything else is a usage error.
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(ExitCode::usage);
  } catch (const std::exception& error) {
    context.report({ErrorCode::internal, std::string("unexpected: ") + error.what()});
  }
  return static_cast<int>(context.exit_code);
}

}  // namespace bytebasket::app
