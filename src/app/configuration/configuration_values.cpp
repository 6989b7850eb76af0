#include "app/configuration/configuration_values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "base/names.hpp"

namespace bytebasket::app {
namespace {

using schema::SettingDeclaration;

std::string quoted(std::string_view text) {
  constexpr std::size_t shown = 64;
  return "'" + std::string(text.substr(0, shown)) + (text.size() > shown ? "…'" : "'");
}

std::string shown_value(const DocumentNode& value) {
  switch (value.kind) {
    case DocumentNode::Kind::text:
      return quoted(value.text);
    case DocumentNode::Kind::list:
      return "a list";
    case DocumentNode::Kind::map:
      return "a map";
    case DocumentNode::Kind::nothing:
      break;
  }
  return "nothing";
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  if (text == "unlimited") return UINT64_MAX;
  unsigned shift = 0;
  if (text.ends_with("iB") && text.size() > 3) {
    const auto unit = std::string_view("KMGT").find(text[text.size() - 3]);
    if (unit == std::string_view::npos) return std::nullopt;
    shift = 10 * (static_cast<unsigned>(unit) + 1);
    text.remove_suffix(3);
  }
  const auto count = parse_number<std::uint64_t>(text);
  if (!count || *count > (UINT64_MAX >> shift)) return std::nullopt;
  return *count << shift;
}

template <typename Number>
bool within(const SettingDeclaration& declaration, Number number) {
  return !(declaration.minimum && std::cmp_less(number, *declaration.minimum)) &&
         !(declaration.maximum && std::cmp_greater(number, *declaration.maximum));
}

/// Reads `text` as the type that `out` points at; false where it is none or is not allowed.
bool read_value(const SettingDeclaration& declaration, std::string_view text, std::string* out) {
  const auto& values = declaration.values;
  if (!values.empty() && std::ranges::find(values, text) == values.end()) return false;
  *out = text;
  return true;
}

bool read_value(const SettingDeclaration& declaration, std::string_view text, std::int64_t* out) {
  const auto number = parse_number<std::int64_t>(text);
  if (!number || !within(declaration, *number)) return false;
  *out = *number;
  return true;
}

bool read_value(const SettingDeclaration&, std::string_view text, bool* out) {
  if (text != "true" && text != "false") return false;
  *out = text == "true";
  return true;
}

bool read_value(const SettingDeclaration& declaration, std::string_view text, Milliseconds* out) {
  const auto duration = parse_duration(text);
  if (!duration || !within(declaration, duration->count())) return false;
  *out = *duration;
  return true;
}

bool read_value(const SettingDeclaration& declaration, std::string_view text, std::uint64_t* out) {
  const auto bytes = parse_bytes(text);
  if (!bytes || !within(declaration, *bytes)) return false;
  *out = *bytes;
  return true;
}

bool read_value(const SettingDeclaration&, std::string_view text, double* out) {
  const auto number = parse_number<double>(text);
  if (!number || !std::isfinite(*number)) return false;
  *out = *number;
  return true;
}

/// Assigns one value by the type of the setting.
class Assignment {
 public:
  Assignment(const SettingDeclaration& declaration, const DocumentNode& value,
             ConfigurationErrors& errors)
      : declaration_(declaration), value_(value), errors_(errors) {}

  template <typename Scalar>
  void operator()(Scalar* out) {
    if (value_.kind != DocumentNode::Kind::text || !read_value(declaration_, value_.text, out))
      refuse(value_);
  }

  void operator()(std::vector<std::string>* out) {
    if (value_.kind != DocumentNode::Kind::list) return refuse(value_);
    std::vector<std::string> items;
    for (const DocumentNode& item : value_.items) {
      std::string text;
      if (item.kind != DocumentNode::Kind::text || item.text.empty() ||
          !read_value(declaration_, item.text, &text)) {
        return refuse(item);
      }
      items.push_back(std::move(text));
    }
    *out = std::move(items);
  }

  template <typename Record>
  void operator()(std::map<std::string, Record>* out) {
    if (value_.kind != DocumentNode::Kind::map) return refuse(value_);
    out->clear();
    for (const auto& [name, entry] : value_.entries) {
      if (name.empty()) {
        errors_.add(entry.where, std::string(declaration_.key) + ": an empty key is not allowed");
      } else if (!out->try_emplace(name, read_record<Record>(name, entry)).second) {
        errors_.add(entry.where, std::string(declaration_.key) + "." + name + " is given twice");
      }
    }
  }

 private:
  template <typename Record>
  Record read_record(const std::string& name, const DocumentNode& node) {
    Record record;
    const auto fields = fields_of(record);
    const std::string path = std::string(declaration_.key) + "." + name;
    std::vector<std::string> names;
    for (const auto& field : fields) names.emplace_back(field.name);
    if (node.kind != DocumentNode::Kind::map && node.kind != DocumentNode::Kind::nothing) {
      errors_.add(node.where,
                  path + ": " + shown_value(node) + " is not allowed: a map with the fields " +
                      joined(std::vector<std::string_view>(names.begin(), names.end())));
    }
    for (const auto& [field_name, value] : node.entries) {
      const auto field = std::ranges::find(fields, std::string_view(field_name),
                                           &decltype(fields)::value_type::name);
      if (field == fields.end()) {
        errors_.add(value.where, path + ": unknown field " + quoted(field_name) +
                                     did_you_mean(field_name, names));
      } else if (value.kind != DocumentNode::Kind::text ||
                 (!field->values.empty() &&
                  std::ranges::find(field->values, value.text) == field->values.end())) {
        refuse_field(path, *field, value);
      } else {
        record.*(field->member) = value.text;
      }
    }
    return record;
  }

  template <typename Field>
  void refuse_field(const std::string& path, const Field& field, const DocumentNode& value) {
    const std::string allowed = field.values.empty() ? "a text" : "one of " + joined(field.values);
    errors_.add(value.where, path + "." + std::string(field.name) + ": " + shown_value(value) +
                                 " is not allowed: " + allowed);
  }

  void refuse(const DocumentNode& node) {
    errors_.add(node.where, std::string(declaration_.key) + ": " + shown_value(node) +
                                " is not allowed: " + what_is_allowed(declaration_));
  }

  const SettingDeclaration& declaration_;
  const DocumentNode& value_;
  ConfigurationErrors& errors_;
};

/// How many letters must be put in, taken out, changed or swapped with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> steps(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        steps[i][j] = i + j;
        continue;
      }
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      steps[i][j] =
          std::min({steps[i - 1][j] + 1, steps[i][j - 1] + 1, steps[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
      }
    }
  }
  return steps[a.size()][b.size()];
}

}  // namespace

void ConfigurationErrors::add(std::string_view where, std::string_view message) {
  add_line(std::string(where) + ": " + std::string(message));
}

void assign_setting(schema::Settings& settings, const SettingDeclaration& declaration,
                    const DocumentNode& value, ConfigurationErrors& errors) {
  std::visit(Assignment(declaration, value, errors), declaration.reference(settings));
}

std::string what_is_allowed(const SettingDeclaration& declaration) {
  if (!declaration.values.empty()) {
    std::string text = declaration.values.size() == 1 ? "only " : "one of ";
    if (declaration.type == "list") text = "a list of ";
    text += joined(declaration.values);
    if (!declaration.choices_note.empty())
      text += " (" + std::string(declaration.choices_note) + ")";
    return text;
  }
  const std::string_view type = declaration.type;
  std::string text = "a text";
  if (type == "int") text = "an integer";
  if (type == "bool") text = "true or false";
  if (type == "duration") text = "a duration such as 250ms, 30s, 5m, 1h, 14d or forever";
  if (type == "bytes") text = "a size such as 65536, 64KiB, 4MiB, 1GiB or unlimited";
  if (type == "number") text = "a number";
  if (type == "list") text = "a list of texts, none of them empty";
  if (type == "map") text = "a map";
  if (!declaration.range.empty()) text += ", " + std::string(declaration.range);
  return text;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::size_t near = std::clamp<std::size_t>(name.size() / 3, 1, 3);
  const std::string* best = nullptr;
  std::size_t best_distance = near + 1;
  for (const std::string& candidate : candidates) {
    if (const std::size_t d = distance(name, candidate); d < best_distance) {
      best = &candidate;
      best_distance = d;
    }
  }
  return best == nullptr ? "" : ", did you mean '" + *best + "'?";
}

}  // namespace bytebasket::app
