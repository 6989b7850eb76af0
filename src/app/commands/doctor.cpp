#include "app/doctor/doctor.hpp"

#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/commands/command.hpp"

namespace bytebasket::app {
namespace {

void print(const Findings& findings, OutputFormat format) {
  if (format == OutputFormat::json) {
    auto json = nlohmann::ordered_json::array();
    for (const Finding& finding : findings) {
      json.push_back({{"check", finding.what}, {"ok", finding.well}, {"detail", finding.detail}});
    }
    std::cout << json.dump(2) << '\n';
    return;
  }
  for (const Finding& finding : findings) {
    std::cout << (finding.well ? "ok    " : "wrong ") << finding.what << ": " << finding.detail
              << '\n';
  }
}

}  // namespace

void add_doctor(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "doctor",
      "Look at everything a start needs (or, with --url, at a running ByteBasket), and say what to "
      "do where it is wrong");
  add_place_flags(*command, context);
  command->add_option("--listen", context.listen, "Address to listen on")->type_name("HOST:PORT");
  add_format_flag(*command, context, false);
  command->callback([&context] {
    Findings findings;
    if (context.url) {
      findings = look_at_server(*context.url, context.token);
    } else {
      const auto configuration = context.configuration();
      if (!configuration) return;
      findings = look_at_start(configuration->settings);
    }
    print(findings, context.format);
    for (const Finding& finding : findings) {
      if (!finding.well) context.exit_code = ExitCode::says_no;
    }
  });
}

}  // namespace bytebasket::app
