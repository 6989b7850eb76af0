#include "producers/import/mapping.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include <yaml-cpp/yaml.h>

#include "producers/import/time_pattern.hpp"

namespace bytebasket::producers::import_ {

namespace {

constexpr std::size_t largest_file = 256 * 1024;

/// Reads the tree and remembers every mistake instead of stopping at the first.
class MappingReader {
 public:
  explicit MappingReader(std::string_view name) : name_(name) {}

  Mapping read(const YAML::Node& root) {
    if (!root.IsMap()) {
      wrong(root,
            "a mapping file must be a YAML map with the keys format, time, events and fields");
      return {};
    }
    check_keys(root, {"format", "separator", "header", "columns", "rows", "source", "time",
                      "received", "keep", "events", "fields", "lines"});
    read_form(root);
    read_times(root);
    if (root["keep"]) mapping_.keep = conditions(root["keep"]);
    read_events(root);
    if (root["fields"]) mapping_.fields = fields(root["fields"], true);
    read_lines(root);
    check_visitor(root);
    return std::move(mapping_);
  }

  void wrong(const YAML::Node& where, const std::string& what) {
    wrong_at(where.Mark().line + 1, what);
  }
  void wrong_at(int line, const std::string& what) {
    mistakes_ += (mistakes_.empty() ? "" : "\n") + name_ + ":" + std::to_string(std::max(line, 1)) +
                 ": " + what;
  }
  [[nodiscard]] const std::string& mistakes() const { return mistakes_; }

 private:
  void check_keys(const YAML::Node& map, std::initializer_list<std::string_view> allowed) {
    std::string list;
    for (const std::string_view key : allowed)
      list += (list.empty() ? "" : ", ") + std::string(key);
    for (const auto& member : map) {
      const std::string key = member.first.IsScalar() ? member.first.Scalar() : "?";
      if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
        wrong(member.first, "unknown key '" + key + "'; allowed are " + list);
      }
    }
  }

  std::string text(const YAML::Node& node, const char* what) {
    if (node.IsScalar()) return node.Scalar();
    wrong(node, std::string(what) + " must be a text");
    return {};
  }

  std::vector<std::string> texts(const YAML::Node& node, const char* what) {
    std::vector<std::string> list;
    if (node.IsScalar()) return {node.Scalar()};
    if (!node.IsSequence()) {
      wrong(node, std::string(what) + " must be a text or a list of texts");
      return list;
    }
    for (const YAML::Node& one : node) list.push_back(text(one, what));
    return list;
  }

  bool yes(const YAML::Node& node, const char* what) {
    if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "false"))
      return node.Scalar() == "true";
    wrong(node, std::string(what) + " must be true or false");
    return false;
  }

  std::int64_t number(const YAML::Node& node, const char* what, std::int64_t least,
                      std::int64_t most) {
    std::int64_t value = 0;
    if (node.IsScalar() && YAML::convert<std::int64_t>::decode(node, value) && value >= least &&
        value <= most)
      return value;
    wrong(node, std::string(what) + " must be a whole number from " + std::to_string(least) +
                    " to " + std::to_string(most));
    return least;
  }

  ColumnIndex column(const YAML::Node& node) {
    const std::string name = text(node, "column");
    const auto found = std::find(mapping_.columns.begin(), mapping_.columns.end(), name);
    if (found != mapping_.columns.end())
      return static_cast<ColumnIndex>(found - mapping_.columns.begin());
    mapping_.columns.push_back(name);
    return mapping_.columns.size() - 1;
  }

  void read_form(const YAML::Node& root) {
    if (const YAML::Node format = root["format"]) {
      const std::string name = text(format, "format");
      if (name == "json-lines") mapping_.format = Mapping::Format::json_lines;
      if (name != "csv" && name != "json-lines")
        wrong(format, "format '" + name + "' is none of csv, json-lines");
    }
    const bool csv = mapping_.format == Mapping::Format::csv;
    if (const YAML::Node separator = root["separator"]) {
      const std::string character = text(separator, "separator");
      if (!csv || character.size() != 1 || character == "\"" || character == "\n") {
        wrong(separator, "separator must be one character, and only csv has one");
      } else {
        mapping_.separator = character[0];
      }
    }
    if (const YAML::Node header = root["header"]) mapping_.header = yes(header, "header");
    if (const YAML::Node columns = root["columns"])
      mapping_.header_names = texts(columns, "columns");
    if (!mapping_.header && mapping_.header_names.empty())
      wrong(root["header"], "a file without a header needs columns, their names in order");
    if (const YAML::Node rows = root["rows"]) {
      mapping_.rows = text(rows, "rows");
      if (csv) wrong(rows, "only json-lines have rows inside a line");
    }
    if (const YAML::Node source = root["source"]) {
      const auto known = events::parse_source(text(source, "source"));
      if (!known) wrong(source, "source must be one of web, mobile, cart, orders, server");
      mapping_.source = known.value_or(events::Source::server);
    }
  }

  void read_times(const YAML::Node& root) {
    if (root["time"]) {
      mapping_.time = time_rule(root["time"]);
    } else {
      wrong(root,
            "time is missing: the column that says when it happened, for example {column: "
            "event_time}");
    }
    if (root["received"]) mapping_.received = time_rule(root["received"]);
  }

  TimeRule time_rule(const YAML::Node& node) {
    TimeRule rule;
    if (node.IsScalar()) {
      rule.column = column(node);
      return rule;
    }
    if (!node.IsMap() || !node["column"]) {
      wrong(node,
            "a time must be a column or {column: NAME, format: rfc3339|epoch-ms|epoch-s|PATTERN}");
      return rule;
    }
    check_keys(node, {"column", "format"});
    rule.column = column(node["column"]);
    if (const YAML::Node format = node["format"]) {
      rule.format = text(format, "format");
      if (const auto valid = check_time_format(rule.format); !valid)
        wrong(format, valid.error().message);
    }
    return rule;
  }

  std::vector<Condition> conditions(const YAML::Node& node) {
    std::vector<Condition> list;
    if (node.IsMap()) {
      list.push_back(condition(node));
    } else if (node.IsSequence()) {
      for (const YAML::Node& one : node) list.push_back(condition(one));
    } else {
      wrong(node,
            "conditions must be a map or a list of maps, for example {column: type, equals: view}");
    }
    return list;
  }

  Condition condition(const YAML::Node& node) {
    Condition made;
    if (!node.IsMap() || !node["column"]) {
      wrong(node, "a condition needs a column, for example {column: type, equals: view}");
      return made;
    }
    made.column = column(node["column"]);
    std::size_t tests = 0;
    for (const auto& member : node) {
      const std::string key = member.first.IsScalar() ? member.first.Scalar() : "?";
      if (key == "column") continue;
      ++tests;
      read_test(key, member.first, member.second, made);
    }
    if (tests != 1)
      wrong(node, "a condition has exactly one of equals, in, not_in, starts_with, empty");
    return made;
  }

  void read_test(const std::string& key, const YAML::Node& where, const YAML::Node& value,
                 Condition& made) {
    if (key == "equals" || key == "in" || key == "not_in") {
      made.values = texts(value, key.c_str());
      made.negated = key == "not_in";
    } else if (key == "starts_with") {
      made.kind = Condition::Kind::starts_with;
      made.values = texts(value, "starts_with");
    } else if (key == "empty") {
      made.kind = Condition::Kind::empty;
      made.negated = !yes(value, "empty");
    } else {
      wrong(where,
            "unknown test '" + key + "'; allowed are equals, in, not_in, starts_with, empty");
    }
    made.text = mapping_.columns[made.column] + " " + key;
    for (const std::string& one : made.values) made.text += " " + one;
  }

  void read_events(const YAML::Node& root) {
    const YAML::Node events = root["events"];
    if (!events || !(events.IsSequence() || events.IsScalar()) ||
        (events.IsSequence() && events.size() == 0)) {
      wrong(events ? events : root,
            "events is missing: the name of the event, or a list of {event: NAME, when: {…}}");
      return;
    }
    if (events.IsScalar()) {
      mapping_.events.push_back({events.Scalar(), {}, {}});
      return;
    }
    for (const YAML::Node& one : events) {
      if (!one.IsMap() || !one["event"]) {
        wrong(one,
              "each of events needs an event, for example {event: Product Viewed, when: {column: "
              "type, equals: view}}");
        continue;
      }
      check_keys(one, {"event", "when", "negate"});
      EventCase made;
      made.event = text(one["event"], "event");
      if (one["when"]) made.when = conditions(one["when"]);
      if (one["negate"]) made.negate = texts(one["negate"], "negate");
      mapping_.events.push_back(std::move(made));
    }
  }

  std::vector<FieldRule> fields(const YAML::Node& node, bool of_event) {
    std::vector<FieldRule> list;
    if (!node.IsMap()) {
      wrong(node, "fields must be a map, for example properties.product_id: item");
      return list;
    }
    for (const auto& member : node) {
      FieldRule rule;
      rule.path = path(member.first, of_event);
      if (rule.path.empty()) continue;
      if (member.second.IsMap() && member.second["for"])
        rule.only_for = texts(member.second["for"], "for");
      rule.value = value(member.second, of_event);
      list.push_back(std::move(rule));
    }
    return list;
  }

  std::vector<std::string> path(const YAML::Node& node, bool of_event) {
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
    if (right && of_event) {
      right = parts.size() == 1
                  ? std::find(plain.begin(), plain.end(), parts[0]) != plain.end()
                  : std::find(objects.begin(), objects.end(), parts[0]) != objects.end();
    }
    if (right) return parts;
    wrong(node, of_event ? "a field is messageId, anonymousId, userId, sessionId, properties.…, "
                           "context.… or traits.…, at most four names deep"
                         : "a line's field is a name such as product_id");
    return {};
  }

  ValueRule value(const YAML::Node& node, bool of_event) {
    ValueRule rule;
    if (node.IsScalar()) {
      rule.column = column(node);
      return rule;
    }
    if (!node.IsMap()) {
      wrong(node,
            "a value is a column, or a map such as {column: price, type: money} or {value: EUR}");
      return rule;
    }
    check_keys(node, {"column", "value", "row_id", "type", "decimals", "prefix", "strip_suffix",
                      "else", "for"});
    const int origins = static_cast<int>(node["column"].IsDefined()) +
                        static_cast<int>(node["value"].IsDefined()) +
                        static_cast<int>(node["row_id"].IsDefined());
    if (origins != 1) wrong(node, "a value has exactly one of column, value, row_id");
    if (node["column"]) rule.column = column(node["column"]);
    if (node["value"]) rule.constant = text(node["value"], "value");
    if (node["row_id"]) rule.row_id = yes(node["row_id"], "row_id");
    if (node["prefix"]) rule.prefix = text(node["prefix"], "prefix");
    if (node["strip_suffix"]) rule.strip_suffix = text(node["strip_suffix"], "strip_suffix");
    if (node["type"]) rule.type = type(node["type"]);
    if (node["decimals"]) {
      rule.decimals = static_cast<int>(number(node["decimals"], "decimals", 0, 6));
      if (rule.type != ValueType::money)
        wrong(node["decimals"], "only values of type money have decimals");
    }
    if (node["else"]) rule.otherwise.push_back(value(node["else"], of_event));
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

  void read_lines(const YAML::Node& root) {
    const YAML::Node node = root["lines"];
    if (!node) return;
    if (!node.IsMap() || !node["fields"]) {
      wrong(node,
            "lines must be a map with fields, for example {by: order, fields: {product_id: item}}");
      return;
    }
    check_keys(node, {"by", "within", "revenue", "for", "fields"});
    LinesRule rule;
    if (node["by"]) rule.by = column(node["by"]);
    if (node["within"])
      rule.within = static_cast<std::uint64_t>(number(node["within"], "within", 0, 1'000'000'000));
    if (node["revenue"]) rule.revenue = yes(node["revenue"], "revenue");
    if (node["for"]) rule.only_for = texts(node["for"], "for");
    rule.fields = fields(node["fields"], false);
    mapping_.lines = std::move(rule);
  }

  void check_visitor(const YAML::Node& root) {
    const bool named =
        std::any_of(mapping_.fields.begin(), mapping_.fields.end(), [](const FieldRule& rule) {
          return rule.path[0] == "anonymousId" || rule.path[0] == "userId";
        });
    if (!named)
      wrong(root["fields"] ? root["fields"] : root,
            "fields must fill anonymousId or userId: an event belongs to somebody");
  }

  std::string name_;
  Mapping mapping_;
  std::string mistakes_;
};

}  // namespace

Result<Mapping> parse_mapping(std::string_view yaml, std::string_view name) {
  MappingReader reader(name);
  if (yaml.size() > largest_file) {
    reader.wrong_at(1, "a mapping file has at most " + std::to_string(largest_file) + " bytes");
    return fail(ErrorCode::invalid_argument, reader.mistakes());
  }
  Mapping mapping;
  try {
    mapping = reader.read(YAML::Load(std::string(yaml)));
  } catch (const YAML::Exception& error) {
    reader.wrong_at(error.mark.line + 1, error.msg);
  }
  if (!reader.mistakes().empty()) return fail(ErrorCode::invalid_argument, reader.mistakes());
  return mapping;
}

Result<Mapping> load_mapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, "cannot read the mapping file " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return parse_mapping(text.str(), path);
}

}  // namespace bytebasket::producers::import_
