#include "app/configuration/documents.hpp"

#include <fstream>
#include <sstream>

#include "processors/fraud/default_rules.hpp"
#include "processors/fraud/rules.hpp"

namespace bytebasket::app {
namespace {

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return fail(ErrorCode::not_found, path +
                                          ": cannot be read; metrics.file and fraud.file are "
                                          "paths from the folder that the program is started in");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

metrics::GrainRetention grain_retention(const schema::Settings& settings) {
  return {.kept = {settings.retention.metrics_1m, settings.retention.metrics_1h,
                   settings.retention.metrics_1d}};
}

Result<Documents> read_documents(const schema::Settings& settings) {
  std::string mistakes;
  const auto text_of = [&](const std::string& file, std::string_view built_in) -> std::string {
    if (file.empty()) return std::string(built_in);
    auto text = read_file(file);
    if (text) return std::move(*text);
    mistakes += text.error().message + "\n";
    return {};
  };
  Documents documents;
  const std::string metrics_text = text_of(settings.metrics.file, metrics::built_in_document());
  const std::string fraud_text = text_of(settings.fraud.file, processors::fraud::default_rules());
  if (mistakes.empty()) {
    auto definitions = metrics::read_definitions(
        metrics_text, settings.metrics.file.empty() ? "config/metrics.yml" : settings.metrics.file,
        grain_retention(settings));
    if (definitions) {
      documents.metrics = metrics::MetricCatalogue(std::move(*definitions));
    } else {
      mistakes += definitions.error().message + "\n";
    }
    if (auto rules = processors::fraud::RuleSet::compile(
            fraud_text, settings.fraud.file.empty() ? "config/fraud.yml" : settings.fraud.file);
        !rules) {
      mistakes += rules.error().message + "\n";
    }
  }
  if (!mistakes.empty()) {
    mistakes.pop_back();
    return fail(ErrorCode::invalid_argument, std::move(mistakes));
  }
  documents.all = {processors::DefinitionDocument::of("metrics", metrics_text),
                   processors::DefinitionDocument::of("fraud", fraud_text)};
  return documents;
}

}  // namespace bytebasket::app
