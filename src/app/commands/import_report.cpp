#include "app/commands/import_report.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bytebasket::app {
namespace {

namespace imports = producers::import_;

struct Answers {
  std::string_view setting;  ///< below `retention`
  std::string_view name;
  imports::KeptFor::From from;
};

constexpr std::array answers = {
    Answers{"metrics_1m", "metrics by the minute", imports::KeptFor::From::every_event},
    Answers{"metrics_1h", "metrics by the hour", imports::KeptFor::From::every_event},
    Answers{"metrics_1d", "metrics by the day", imports::KeptFor::From::every_event},
    Answers{"transactions", "transactions, decisions and alerts",
            imports::KeptFor::From::transactions},
    Answers{"carts", "carts", imports::KeptFor::From::user_activity},
};

std::string_view name_of(const imports::KeptFor& kept) {
  const auto* found = std::ranges::find(answers, kept.setting, &Answers::setting);
  return found == answers.end() ? std::string_view(kept.setting) : found->name;
}

std::string reasons_text(std::string_view what,
                         const std::map<std::string, imports::ReasonCount>& reasons) {
  std::string text;
  for (const auto& [reason, count] : reasons) {
    text += fmt::format("  {} {}: {}", what, count.rows, reason);
    const char* separator = " (";
    for (const auto& place : count.first) {
      text += fmt::format("{}{}:{}", separator, place.file, place.line);
      separator = ", ";
    }
    text += count.first.empty() ? "\n" : ")\n";
  }
  return text;
}

std::string_view events_of(imports::KeptFor::From from) {
  switch (from) {
    case imports::KeptFor::From::transactions:
      return "events of transactions";
    case imports::KeptFor::From::user_activity:
      return "events of visitors";
    case imports::KeptFor::From::every_event:
      break;
  }
  return "events";
}

/// Empty where everything that came in can be seen everywhere.
std::string ages_text(const ImportOutcome& outcome) {
  std::string lines;
  for (const auto& [kept, older, events] : outcome.ages) {
    if (older == 0) continue;
    lines += fmt::format("  {}: {} of {} {} (retention.{} is {})\n", name_of(kept), older, events,
                         events_of(kept.from), kept.setting, format_duration(kept.time));
  }
  if (lines.empty()) return lines;
  return fmt::format(
      "warning: events are older than what is made of them is kept, the oldest is of {}; they are "
      "missing in\n{}"
      "  To have them there, set a longer retention (or forever), then run bytebasket rebuild, or "
      "import into an empty folder.\n",
      format_date(outcome.oldest.value_or(Timestamp{})), lines);
}

}  // namespace

std::vector<imports::KeptFor> kept_of_imported(const KeptTimes& times) {
  std::vector<imports::KeptFor> kept;
  for (const Answers& each : answers) {
    const auto time = times.find(std::string(each.setting));
    if (time != times.end()) kept.push_back({std::string(each.setting), time->second, each.from});
  }
  return kept;
}

std::string text_of(const ImportOutcome& outcome) {
  const auto& report = outcome.report;
  return fmt::format("{} rows, {} events, {} rows refused, {} rows left out\n", report.rows,
                     report.events, report.refused, report.filtered) +
         reasons_text("refused", report.refused_by_reason) +
         reasons_text("left out", report.filtered_by_reason) + ages_text(outcome);
}

std::string json_of(const ImportOutcome& outcome) {
  using Json = nlohmann::ordered_json;
  const auto reasons = [](const auto& by_reason) {
    Json json = Json::object();
    for (const auto& [reason, count] : by_reason) json[reason] = count.rows;
    return json;
  };
  Json ages = Json::object();
  for (const auto& [kept, older, events] : outcome.ages) {
    if (older == 0) continue;
    ages["retention." + kept.setting] = {
        {"kept", format_duration(kept.time)}, {"older", older}, {"of", events}};
  }
  const auto& report = outcome.report;
  return Json{{"rows", report.rows},
              {"events", report.events},
              {"refused", report.refused},
              {"left_out", report.filtered},
              {"refused_by_reason", reasons(report.refused_by_reason)},
              {"left_out_by_reason", reasons(report.filtered_by_reason)},
              {"older_than_kept", std::move(ages)}}
             .dump() +
         '\n';
}

}  // namespace bytebasket::app
