#include "app/configuration/configuration.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

#include "app/configuration/configuration_document.hpp"
#include "app/configuration/configuration_values.hpp"
#include "http/addresses.hpp"

namespace bytebasket::app {
namespace {

using schema::SettingDeclaration;

constexpr std::string_view variable_prefix = "BYTEBASKET_";

const SettingDeclaration* declaration_of(std::string_view key) {
  const auto declarations = schema::setting_declarations();
  const auto found = std::ranges::find(declarations, key, &SettingDeclaration::key);
  return found == declarations.end() ? nullptr : &*found;
}

std::string_view section_of(std::string_view key) { return key.substr(0, key.find('.')); }

std::string joined_key(std::string_view section, std::string_view name) {
  std::string key(section);
  key += '.';
  key += name;
  return key;
}

/// The names under `section`, or the names of all sections where it is empty.
std::vector<std::string> names_in(std::string_view section) {
  std::vector<std::string> names;
  for (const SettingDeclaration& declaration : schema::setting_declarations()) {
    if (section.empty()) {
      const std::string name(section_of(declaration.key));
      if (names.empty() || names.back() != name) names.push_back(name);
    } else if (section_of(declaration.key) == section && declaration.key.size() > section.size()) {
      names.emplace_back(declaration.key.substr(section.size() + 1));
    }
  }
  return names;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return result;
}

std::string variable_of(std::string_view key) {
  std::string name(variable_prefix);
  for (const char c : upper(key)) name += c == '.' ? "__" : std::string(1, c);
  return name;
}

/// Gathers settings from their sources, later ones over earlier ones, and all mistakes on the way.
class ConfigurationLoader {
 public:
  void take_file(const std::filesystem::path& path) {
    std::ifstream stream(path);
    std::error_code error;
    if (!stream || std::filesystem::is_directory(path, error)) {
      errors_.add(path.string(), "cannot be read: give the path of a configuration file");
      return;
    }
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    auto document = read_document(text, path.string(), true);
    if (!document) {
      errors_.add_line(document.error().message);
      return;
    }
    if (document->kind == DocumentNode::Kind::nothing) return;
    if (document->kind != DocumentNode::Kind::map) {
      errors_.add(document->where, "expected sections such as `listen:`, each with its settings");
      return;
    }
    for (const auto& [name, node] : document->entries) take_section(name, node);
  }

  void take_environment(const std::map<std::string, std::string>& environment) {
    std::vector<std::string> variables;
    for (const SettingDeclaration& declaration : schema::setting_declarations()) {
      variables.push_back(variable_of(declaration.key));
      const auto found = environment.find(variables.back());
      if (found != environment.end()) take_text(variables.back(), declaration, found->second);
    }
    for (const auto& [name, value] : environment) {
      if (std::ranges::find(variables, name) != variables.end()) continue;
      const std::string hint = did_you_mean(name, variables);
      if (name.starts_with(variable_prefix) &&
          (name.find("__") != std::string::npos || is_misspelt(name, variables))) {
        errors_.add(name, "no setting has this name" + hint);
      }
    }
  }

  void take_overrides(const std::vector<SettingOverride>& overrides) {
    for (const SettingOverride& given : overrides) {
      if (const SettingDeclaration* declaration = declaration_of(given.key)) {
        take_text(given.flag, *declaration, given.value);
      } else {
        errors_.add(given.flag,
                    "unknown setting '" + given.key + "'" + did_you_mean(given.key, all_keys()));
      }
    }
  }

  ReadConfiguration finish() {
    check_access();
    check_limits();
    std::string mistakes;
    for (const std::string& line : errors_.lines())
      mistakes += (mistakes.empty() ? "" : "\n") + line;
    return {std::move(configuration_), std::move(mistakes)};
  }

 private:
  static std::vector<std::string> all_keys() {
    std::vector<std::string> keys;
    for (const SettingDeclaration& declaration : schema::setting_declarations())
      keys.emplace_back(declaration.key);
    return keys;
  }

  /// True for BYTEBASKET_LISTEN_PORT, which wants two underscores.
  static bool is_misspelt(std::string_view name, const std::vector<std::string>& variables) {
    const auto bare = [](std::string_view text) {
      std::string letters(text);
      std::erase(letters, '_');
      return letters;
    };
    return std::ranges::any_of(variables, [&](const std::string& variable) {
      return bare(variable) == bare(upper(name));
    });
  }

  void take_section(const std::string& section, const DocumentNode& node) {
    if (const SettingDeclaration* declaration = declaration_of(section))
      return take(*declaration, node);
    const std::vector<std::string> names = names_in(section);
    if (names.empty()) {
      errors_.add(node.where,
                  "unknown section '" + section + "'" + did_you_mean(section, names_in("")));
      return;
    }
    if (node.kind == DocumentNode::Kind::nothing) return;
    if (node.kind != DocumentNode::Kind::map) {
      errors_.add(node.where,
                  section + ": expected its settings under it, such as `" + names.front() + ": …`");
      return;
    }
    for (const auto& [name, value] : node.entries) {
      const std::string key = joined_key(section, name);
      if (const SettingDeclaration* declaration = declaration_of(key)) {
        take(*declaration, value);
      } else {
        errors_.add(value.where, "unknown setting '" + key + "'" + did_you_mean(name, names));
      }
    }
  }

  /// A value of the file.
  void take(const SettingDeclaration& declaration, const DocumentNode& value) {
    const auto [given, first] = given_at_.try_emplace(std::string(declaration.key), value.where);
    if (!first)
      errors_.add(value.where,
                  std::string(declaration.key) + " is given twice, first at " + given->second);
    assign_setting(configuration_.settings, declaration, value, errors_);
  }

  /// A value of the environment or of a flag: a list has commas between its items, a map is YAML.
  void take_text(const std::string& where, const SettingDeclaration& declaration,
                 const std::string& text) {
    DocumentNode value;
    value.where = where;
    if (declaration.type == "map" || (declaration.type == "list" && text.starts_with('['))) {
      auto document = read_document(text, where, false);
      if (!document) return errors_.add_line(document.error().message);
      value = std::move(*document);
    } else if (declaration.type == "list") {
      value.kind = DocumentNode::Kind::list;
      std::istringstream items(text);
      for (std::string item; std::getline(items, item, ',');) {
        value.items.push_back({DocumentNode::Kind::text, where, item, {}, {}});
      }
    } else {
      value.kind = DocumentNode::Kind::text;
      value.text = text;
    }
    given_at_[std::string(declaration.key)] = where;
    assign_setting(configuration_.settings, declaration, value, errors_);
  }

  /// Where a setting was given, for a message about it.
  [[nodiscard]] std::string where(std::string_view key) const {
    const auto found = given_at_.find(key);
    return found == given_at_.end() ? "default of " + std::string(key) : found->second;
  }

  /// Beyond loopback nobody may come in without a key; on loopback `demo` will do.
  void check_access() {
    schema::Settings& settings = configuration_.settings;
    if (is_loopback(settings.listen.address)) {
      if (settings.write_keys.empty()) {
        settings.write_keys.emplace("demo", schema::WriteKey{.name = "demo", .source = "web"});
        configuration_.demo_write_key = true;
      }
      return;
    }
    const std::string reason = ": listen.address " + settings.listen.address +
                               " can be reached by other machines, so it must be given";
    const std::string place = where("listen.address");
    if (settings.write_keys.empty())
      errors_.add(place, "write_keys" + reason + ": who may send events");
    if (settings.tokens.read.empty()) errors_.add(place, "tokens.read" + reason + ": who may ask");
    if (settings.tokens.change.empty())
      errors_.add(place, "tokens.change" + reason + ": who may change");
  }

  void check_limits() {
    const schema::CollectorSettings& collector = configuration_.settings.collector;
    check_at_most("collector.max_event_bytes", collector.max_event_bytes,
                  "collector.max_batch_bytes", collector.max_batch_bytes);
    const schema::ListenSettings& listen = configuration_.settings.listen;
    check_at_most("listen.max_body", listen.max_body, "listen.max_held_bodies",
                  listen.max_held_bodies);
    const std::string& zone = configuration_.settings.shop.time_zone;
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    if (zone.empty() || zone.find_first_not_of(allowed) != std::string::npos) {
      errors_.add(
          where("shop.time_zone"),
          "shop.time_zone: '" + zone + "' is not allowed: an IANA name such as Europe/Berlin");
    }
  }

  void check_at_most(const std::string& setting, std::uint64_t value, const std::string& bound,
                     std::uint64_t most) {
    if (value <= most) return;
    errors_.add(where(setting), setting + ": " + std::to_string(value) +
                                    " is not allowed: at most " + bound + ", " +
                                    std::to_string(most));
  }

  Configuration configuration_;
  ConfigurationErrors errors_;
  std::map<std::string, std::string, std::less<>> given_at_;
};

}  // namespace

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (!text.starts_with(variable_prefix) || equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

ReadConfiguration read_configuration(const std::optional<std::filesystem::path>& file,
                                     const std::map<std::string, std::string>& environment,
                                     const std::vector<SettingOverride>& overrides) {
  ConfigurationLoader loader;
  if (file) loader.take_file(*file);
  loader.take_environment(environment);
  loader.take_overrides(overrides);
  return loader.finish();
}

Result<Configuration> load_configuration(const std::optional<std::filesystem::path>& file,
                                         const std::map<std::string, std::string>& environment,
                                         const std::vector<SettingOverride>& overrides) {
  ReadConfiguration read = read_configuration(file, environment, overrides);
  if (!read.mistakes.empty()) return fail(ErrorCode::invalid_argument, std::move(read.mistakes));
  return std::move(read.configuration);
}

bool is_loopback(std::string_view address) {
  return address == "localhost" || http::is_loopback_address(address);
}

}  // namespace bytebasket::app
