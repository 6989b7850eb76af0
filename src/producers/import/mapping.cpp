#include "producers/import/mapping.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include <yaml-cpp/yaml.h>

#include "documents/reader.hpp"
#include "producers/import/mapping_fields.hpp"
#include "producers/import/time_pattern.hpp"

namespace bytebasket::producers::import_ {

namespace {

constexpr std::size_t largest_file = 256 * 1024;

class MappingReader {
 public:
  explicit MappingReader(std::string_view name) : yaml_(name) {}

  Result<Mapping> read(std::string_view document) {
    if (document.size() > largest_file) {
      yaml_.wrong_at_line(1,
                          "a mapping file has at most " + std::to_string(largest_file) + " bytes");
    } else {
      yaml_.read(document, [this](const YAML::Node& root) { read_all(root); });
    }
    BB_RETURN_IF_ERROR(yaml_.outcome());
    return std::move(mapping_);
  }

 private:
  void read_all(const YAML::Node& root) {
    if (!root.IsMap()) {
      wrong(root,
            "a mapping file must be a YAML map with the keys format, time, events and fields");
      return;
    }
    yaml_.keys(root, "a mapping",
               {"format", "separator", "header", "columns", "rows", "source", "time", "received",
                "keep", "events", "fields", "lines"});
    read_form(root);
    read_times(root);
    if (root["keep"]) mapping_.keep = conditions(root["keep"]);
    read_events(root);
    if (root["fields"])
      mapping_.fields = read_fields(yaml_, root["fields"], FieldsOf::event, mapping_.columns);
    read_lines(root);
    check_visitor(root);
  }

  void wrong(const YAML::Node& where, std::string what) { yaml_.wrong(where, std::move(what)); }
  std::string text(const YAML::Node& node, std::string_view what) {
    return yaml_.text(node, what).value_or("");
  }
  bool yes(const YAML::Node& node, std::string_view what) {
    return yaml_.truth(node, what).value_or(false);
  }

  ColumnIndex column(const YAML::Node& node) { return read_column(yaml_, node, mapping_.columns); }

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
      mapping_.header_names = yaml_.texts(columns, "columns");
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
    yaml_.keys(node, "a time", {"column", "format"});
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
      made.values = yaml_.texts(value, key);
      made.negated = key == "not_in";
    } else if (key == "starts_with") {
      made.kind = Condition::Kind::starts_with;
      made.values = yaml_.texts(value, "starts_with");
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
      yaml_.keys(one, "one of events", {"event", "when", "negate"});
      EventCase made;
      made.event = text(one["event"], "event");
      if (one["when"]) made.when = conditions(one["when"]);
      if (one["negate"]) made.negate = yaml_.texts(one["negate"], "negate");
      mapping_.events.push_back(std::move(made));
    }
  }

  void read_lines(const YAML::Node& root) {
    const YAML::Node node = root["lines"];
    if (!node) return;
    if (!node.IsMap() || !node["fields"]) {
      wrong(node,
            "lines must be a map with fields, for example {by: order, fields: {product_id: item}}");
      return;
    }
    yaml_.keys(node, "lines", {"by", "within", "revenue", "for", "fields"});
    LinesRule rule;
    if (node["by"]) rule.by = column(node["by"]);
    if (node["within"])
      rule.within = static_cast<std::uint64_t>(
          yaml_.whole(node["within"], "within", 0, 1'000'000'000).value_or(0));
    if (node["revenue"]) rule.revenue = yes(node["revenue"], "revenue");
    if (node["for"]) rule.only_for = yaml_.texts(node["for"], "for");
    rule.fields = read_fields(yaml_, node["fields"], FieldsOf::line, mapping_.columns);
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

  documents::Reader yaml_;
  Mapping mapping_;
};

}  // namespace

Result<Mapping> parse_mapping(std::string_view yaml, std::string_view name) {
  return MappingReader(name).read(yaml);
}

Result<Mapping> load_mapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::not_found, "cannot read the mapping file " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return parse_mapping(text.str(), path);
}

}  // namespace bytebasket::producers::import_
