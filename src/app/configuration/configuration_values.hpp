// One setting's value: read, checked against its declaration, assigned.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/configuration/configuration_document.hpp"
#include "schema/settings.hpp"

namespace bytebasket::app {

/// Mistakes found so far, one line each: where, what, and what is allowed.
class ConfigurationErrors {
 public:
  void add(std::string_view where, std::string_view message);
  /// A message that says its place itself.
  void add_line(std::string line) { lines_.push_back(std::move(line)); }
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

/// Assigns `value` to the setting declared by `declaration`, or adds what is wrong with it to
/// `errors`.
void assign_setting(schema::Settings& settings, const schema::SettingDeclaration& declaration,
                    const DocumentNode& value, ConfigurationErrors& errors);

/// What the setting takes: "an integer from 1 to 256", "one of text, json".
std::string what_is_allowed(const schema::SettingDeclaration& declaration);

/// ", did you mean 'port'?" for the candidate that `name` is a slip of; empty where none is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace bytebasket::app
