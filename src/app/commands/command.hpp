// What every command of the command line shares: its flags, its exit codes, its ways to speak.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/configuration/configuration.hpp"
#include "app/remote/server_call.hpp"
#include "base/result.hpp"

namespace CLI {
class App;
}

namespace bytebasket::app {

/// 0 done, 1 the check or query says no, 2 internal, 64 usage, 78 configuration (the numbers of
/// sysexits.h).
enum class ExitCode : int { done = 0, says_no = 1, internal = 2, usage = 64, configuration = 78 };

enum class OutputFormat : std::uint8_t { text, json, csv };

/// Flags that many commands take, and what the command that ran came to.
struct CommandContext {
  std::optional<std::string> config;
  std::optional<std::string> data;
  std::optional<std::string> listen;
  std::optional<std::string> roles;
  std::optional<std::string> url;
  std::optional<std::string> token;
  OutputFormat format = OutputFormat::text;
  ExitCode exit_code = ExitCode::done;

  /// Flags over environment over file over defaults, with all mistakes. Nothing where a flag is no
  /// setting: it is said.
  std::optional<ReadConfiguration> read_configuration();
  /// The same; prints all mistakes and sets exit code 78 when there are any.
  std::optional<Configuration> configuration();

  /// That the flags name. Only where there is a url.
  ServerAddress server() const { return {.url = *url, .token = token}; }

  /// Prints `bytebasket: message` to standard error and sets the exit code that goes with the
  /// error.
  void report(const Error& error);
  void report_usage(std::string_view message);
};

void add_config_flag(CLI::App& command, CommandContext& context);
void add_data_flag(CLI::App& command, CommandContext& context);
/// `--data DIR` or `--url URL [--token TOKEN]`, not both.
void add_place_flags(CLI::App& command, CommandContext& context);
/// `--format text|json[|csv]`, or another name that says what has the form.
void add_format_flag(CLI::App& command, CommandContext& context, bool csv,
                     const char* name = "--format", const char* help = "Form of the output");

/// True where messages may have colour and progress bars may move.
bool is_terminal(int file);

// One for each command, in a file of its own: declares the command and what it does.
void add_run(CLI::App& app, CommandContext& context);
void add_demo(CLI::App& app, CommandContext& context);
void add_generate(CLI::App& app, CommandContext& context);
void add_import(CLI::App& app, CommandContext& context);
void add_query(CLI::App& app, CommandContext& context);
void add_validate(CLI::App& app, CommandContext& context);
void add_doctor(CLI::App& app, CommandContext& context);
void add_dead_letters(CLI::App& app, CommandContext& context);
void add_evaluate(CLI::App& app, CommandContext& context);
void add_lake(CLI::App& app, CommandContext& context);
void add_retention(CLI::App& app, CommandContext& context);
void add_verify(CLI::App& app, CommandContext& context);
void add_rebuild(CLI::App& app, CommandContext& context);
void add_schema(CLI::App& app, CommandContext& context);
void add_topics(CLI::App& app, CommandContext& context);
void add_completions(CLI::App& app, CommandContext& context);

/// Reads the arguments, runs the command they name, and gives the exit code.
int run_command_line(int argc, const char* const* argv);

}  // namespace bytebasket::app
