#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analytics/fraud_evaluation.hpp"
#include "app/commands/command.hpp"
#include "app/engines/engines.hpp"

namespace bytebasket::app {
namespace {

std::string share(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : "unknown";
}

void print(const analytics::FraudEvaluation& evaluation, OutputFormat format) {
  if (format == OutputFormat::json) {
    nlohmann::ordered_json json = {{"found", evaluation.found},
                                   {"missed", evaluation.missed},
                                   {"false_alarms", evaluation.false_alarms},
                                   {"rest", evaluation.rest},
                                   {"labelled", evaluation.labelled},
                                   {"rules", nlohmann::ordered_json::array()}};
    if (const auto precision = evaluation.precision()) json["precision"] = *precision;
    if (const auto recall = evaluation.recall()) json["recall"] = *recall;
    for (const auto& rule : evaluation.rules) {
      json["rules"].push_back(
          {{"rule", rule.rule}, {"frauds", rule.frauds}, {"others", rule.others}});
    }
    std::cout << json.dump() << '\n';
    return;
  }
  std::cout << fmt::format(
      "precision {}  recall {}\n{} frauds found, {} missed, {} false alarms, {} others approved\n",
      share(evaluation.precision()), share(evaluation.recall()), evaluation.found,
      evaluation.missed, evaluation.false_alarms, evaluation.rest);
  for (const auto& rule : evaluation.rules) {
    std::cout << fmt::format("  {:<32} {:>6} frauds {:>6} others\n", rule.rule, rule.frauds,
                             rule.others);
  }
}

struct EvaluateFlags {
  std::string what = "fraud";
  std::string from = "1970-01-01";
  std::string to = "9999-01-01";
};

Status evaluate(CommandContext& context, const EvaluateFlags& flags) {
  const auto configuration = context.configuration();
  if (!configuration) return ok();
  BB_ASSIGN_OR_RETURN(const Timestamp from, parse_timestamp(flags.from));
  BB_ASSIGN_OR_RETURN(const Timestamp to, parse_timestamp(flags.to));
  Counters counters;
  BB_ASSIGN_OR_RETURN(const Engines engines, open_engines(configuration->settings, counters));
  BB_ASSIGN_OR_RETURN(const auto judged, analytics::judged_transactions(*engines.tables, from, to));
  print(analytics::evaluate_fraud(judged), context.format);
  return ok();
}

}  // namespace

void add_evaluate(CLI::App& app, CommandContext& context) {
  auto* command = app.add_subcommand(
      "evaluate",
      "Compare fraud decisions with the labels that came later: precision, recall, by rule");
  auto flags = std::make_shared<EvaluateFlags>();
  command->add_option("what", flags->what, "fraud: there is nothing else yet")
      ->check(CLI::IsMember({"fraud"}).description(""))
      ->capture_default_str();
  command->add_option("--from", flags->from, "First moment")->type_name("TIME");
  command->add_option("--to", flags->to, "First moment no longer looked at")->type_name("TIME");
  add_config_flag(*command, context);
  add_data_flag(*command, context);
  add_format_flag(*command, context, false);
  command->callback([&context, flags] {
    if (auto evaluated = evaluate(context, *flags); !evaluated) context.report(evaluated.error());
  });
}

}  // namespace bytebasket::app
