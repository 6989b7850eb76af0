#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analytics/metric_query.hpp"
#include "app/commands/command.hpp"
#include "app/configuration/documents.hpp"
#include "app/engines/engines.hpp"
#include "app/remote/server_call.hpp"
#include "base/printable.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::ordered_json;

Result<std::string> ask_folder(const Configuration& configuration, const std::string& metric,
                               const QueryParameters& parameters) {
  BB_ASSIGN_OR_RETURN(const auto query, analytics::parse_metric_query(metric, parameters));
  BB_ASSIGN_OR_RETURN(const Documents documents, read_documents(configuration.settings));
  Counters counters;
  BB_ASSIGN_OR_RETURN(const Engines engines, open_engines(configuration.settings, counters));
  analytics::MetricReader reader(*engines.tables, configuration.settings.api.query_memory);
  BB_ASSIGN_OR_RETURN(const auto answer,
                      reader.answer(documents.metrics, query, SystemClock().now()));
  return analytics::to_json(answer);
}

/// For people's eyes: what shops and their visitors wrote must not steer the terminal.
void make_printable(std::vector<std::vector<std::string>>& table) {
  for (auto& row : table) {
    for (std::string& text : row) text = printable(text);
  }
}

/// A JSON value as a table cell: texts without their quotes.
std::string cell(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::vector<std::vector<std::string>> table_of(const Json& body) {
  std::vector<std::vector<std::string>> table = {{"time"}};
  if (!body["rows"].empty()) {
    for (const auto& [name, unused] : body["rows"][0]["dims"].items()) table[0].push_back(name);
  }
  table[0].push_back(body["metric"].get<std::string>());
  for (const Json& row : body["rows"]) {
    std::vector<std::string> cells = {cell(row["time"])};
    for (const auto& [name, value] : row["dims"].items()) cells.push_back(cell(value));
    cells.push_back(cell(row["value"]));
    table.push_back(std::move(cells));
  }
  return table;
}

void print_csv(const std::vector<std::vector<std::string>>& table) {
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool quote = row[i].find_first_of(",\"\r\n") != std::string::npos;
      std::string text = row[i];
      for (std::size_t at = 0; quote && (at = text.find('"', at)) != std::string::npos; at += 2)
        text.insert(at, 1, '"');
      std::cout << (i == 0 ? "" : ",") << (quote ? '"' + text + '"' : text);
    }
    std::cout << '\n';
  }
}

void print_text(const std::vector<std::vector<std::string>>& table) {
  std::vector<std::size_t> widths(table[0].size(), 0);
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : table) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      line += fmt::format("{:<{}}  ", row[i], widths[i]);
    std::cout << line << fmt::format("{:>{}}", row.back(), widths.back()) << '\n';
  }
}

struct QueryFlags {
  std::string metric;
  std::vector<std::string> filters;
  QueryParameters parameters;
};

void ask(CommandContext& context, const QueryFlags& flags) {
  QueryParameters parameters = flags.parameters;
  for (const std::string& filter : flags.filters) {
    const auto equals = filter.find('=');
    if (equals == std::string::npos)
      return context.report_usage("--where takes DIMENSION=VALUE, not '" + filter + "'");
    parameters.emplace_back(filter.substr(0, equals), filter.substr(equals + 1));
  }
  Result<std::string> body = [&]() -> Result<std::string> {
    if (context.url) {
      const std::string path = "/api/v1/metrics/" + percent_encode(flags.metric);
      return get_from_server(context.server(), target_of(path, parameters));
    }
    const auto configuration = context.configuration();
    if (!configuration) return std::string();
    return ask_folder(*configuration, flags.metric, parameters);
  }();
  if (!body) return context.report(body.error());
  if (body->empty()) return;
  if (context.format == OutputFormat::json) {
    std::cout << *body << '\n';
    return;
  }
  const Json json = Json::parse(*body);
  if (json["rows"].empty()) {
    std::cerr << "no rows in this range\n";
    return;
  }
  auto table = table_of(json);
  if (context.format == OutputFormat::csv) return print_csv(table);
  make_printable(table);
  print_text(table);
  if (json.contains("next") && json["next"].is_string()) {
    std::cerr << "more rows: --cursor " << json["next"].get<std::string>() << '\n';
  }
}

}  // namespace

void add_query(CLI::App& app, CommandContext& context) {
  auto* command =
      app.add_subcommand("query", "Ask for a metric, from a data folder or a running ByteBasket");
  auto flags = std::make_shared<QueryFlags>();
  command->add_option("metric", flags->metric, "Name of the metric (see GET /api/v1/metrics)")
      ->required();
  const auto parameter = [&](const char* flag, const char* name, const char* help,
                             const char* type) {
    command
        ->add_option_function<std::string>(
            flag,
            [flags, name](const std::string& value) {
              flags->parameters.emplace_back(name, value);
            },
            help)
        ->type_name(type);
  };
  parameter("--from", "from", "First moment, RFC 3339 or a date", "TIME");
  parameter("--to", "to", "First moment no longer asked for", "TIME");
  parameter("--grain", "grain", "Length of the windows", "1m|1h|1d");
  parameter("--by", "by", "Dimensions to split by, with commas", "DIMENSION,...");
  parameter("--order", "order", "Order of the rows", "time|value|-value");
  parameter("--limit", "limit", "Most rows (10,000)", "N");
  parameter("--cursor", "cursor", "Go on where the answer before ended", "CURSOR");
  command->add_flag_callback(
      "--total", [flags] { flags->parameters.emplace_back("total", "true"); },
      "One row over the whole range instead of one for each window");
  command->add_option("--where", flags->filters, "Only rows with this value of a dimension")
      ->type_name("DIMENSION=VALUE");
  add_place_flags(*command, context);
  add_format_flag(*command, context, true);
  command->callback([&context, flags] { ask(context, *flags); });
}

}  // namespace bytebasket::app
