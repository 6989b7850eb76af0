#include "producers/import/mapping_fields.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <utility>

#include <yaml-cpp/yaml.h>

namespace bytebasket::producers::import_ {
namespace {

class FieldsReader {
 public:
  FieldsReader(documents::Reader& yaml, FieldsOf of, std::vector<std::string>& columns)
      : yaml_(yaml), of_(of), columns_(columns) {}

  std::vector<FieldRule> read(const YAML::Node& node) {
    std::vector<FieldRule> list;
    if (!node.IsMap()) {
      wrong(node, "fields must be a map, for example properties.product_id: item");
      return list;
    }
    for (const auto& member : node) {
      FieldRule rule;
      rule.path = path(member.first);
      if (rule.path.empty()) continue;
      if (member.second.IsMap() && member.second["for"])
        rule.only_for = yaml_.texts(member.second["for"], "for");
      rule.value = value(member.second);
      list.push_back(std::move(rule));
    }
    return list;
  }

 private:
  void wrong(const YAML::Node& where, std::string what) { yaml_.wrong(where, std::move(what)); }
  std::string text(const YAML::Node& node, std::string_view what) {
    return yaml_.text(node, what).value_or("");
  }

  std::vector<std::string> path(const YAML::Node& node) {
    constexpr std::size_t deepest = 4;
    constexpr std::array<std::string_view, 4> plain = {"messageId", "anonymousId", "userId",
                                                       "sessionId"};
    constexpr std::array<std::string_view, 3> objects = {"properties", "context", "traits"};
    std::vector<std::string> parts;
    std::istringstream stream(text(node, "a field's name"));
    for (std::string part; std::getline(stream, part, '.');) parts.push_back(part);
    const bool hollow =
        parts.empty() || std::any_of(parts.begin(), parts.end(),
                                     [](const std::string& part) { return part.empty(); });
    bool right = !hollow && parts.size() <= deepest;
    if (right && of_ == FieldsOf::event) {
      right = parts.size() == 1
                  ? std::find(plain.begin(), plain.end(), parts[0]) != plain.end()
                  : std::find(objects.begin(), objects.end(), parts[0]) != objects.end();
    }
    if (right) return parts;
    wrong(node, of_ == FieldsOf::event
                    ? "a field is messageId, anonymousId, userId, sessionId, properties.…, "
                      "context.… or traits.…, at most four names deep"
                    : "a line's field is a name such as product_id");
    return {};
  }

  ValueRule value(const YAML::Node& node) {
    ValueRule rule;
    if (node.IsScalar()) {
      rule.column = read_column(yaml_, node, columns_);
      return rule;
    }
    if (!node.IsMap()) {
      wrong(node,
            "a value is a column, or a map such as {column: price, type: money} or {value: EUR}");
      return rule;
    }
    yaml_.keys(
        node, "a value",
        {"column", "value", "row_id", "type", "decimals", "prefix", "strip_suffix", "else", "for"});
    const int origins = static_cast<int>(node["column"].IsDefined()) +
                        static_cast<int>(node["value"].IsDefined()) +
                        static_cast<int>(node["row_id"].IsDefined());
    if (origins != 1) wrong(node, "a value has exactly one of column, value, row_id");
    if (node["column"]) rule.column = read_column(yaml_, node["column"], columns_);
    if (node["value"]) rule.constant = text(node["value"], "value");
    if (node["row_id"]) rule.row_id = yaml_.truth(node["row_id"], "row_id").value_or(false);
    if (node["prefix"]) rule.prefix = text(node["prefix"], "prefix");
    if (node["strip_suffix"]) rule.strip_suffix = text(node["strip_suffix"], "strip_suffix");
    if (node["type"]) rule.type = type(node["type"]);
    if (node["decimals"]) {
      rule.decimals = static_cast<int>(yaml_.whole(node["decimals"], "decimals", 0, 6).value_or(0));
      if (rule.type != ValueType::money)
        wrong(node["decimals"], "only values of type money have decimals");
    }
    if (node["else"]) rule.otherwise.push_back(value(node["else"]));
    return rule;
  }

  ValueType type(const YAML::Node& node) {
    constexpr std::array<std::string_view, 5> names = {"text", "number", "integer", "money",
                                                       "boolean"};
    const std::string name = text(node, "type");
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<ValueType>(found - names.begin());
    wrong(node, "type '" + name + "' is none of text, number, integer, money, boolean");
    return ValueType::text;
  }

  documents::Reader& yaml_;
  FieldsOf of_;
  std::vector<std::string>& columns_;
};

}  // namespace

std::vector<FieldRule> read_fields(documents::Reader& yaml, const YAML::Node& node, FieldsOf of,
                                   std::vector<std::string>& columns) {
  return FieldsReader(yaml, of, columns).read(node);
}

ColumnIndex read_column(documents::Reader& yaml, const YAML::Node& node,
                        std::vector<std::string>& columns) {
  std::string name = yaml.text(node, "column").value_or("");
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found != columns.end()) return static_cast<ColumnIndex>(found - columns.begin());
  columns.push_back(std::move(name));
  return columns.size() - 1;
}

}  // namespace bytebasket::producers::import_
