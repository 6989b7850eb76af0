// A mapping file: how the rows of any CSV or JSON-lines file become events.
// docs/guides/importing.md teaches it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "events/event.hpp"

namespace bytebasket::producers::import_ {

/// A column, by its place in Mapping::columns.
using ColumnIndex = std::size_t;

enum class ValueType : std::uint8_t { text, number, integer, money, boolean };

/// Where a value comes from and how it is written.
struct ValueRule {
  std::optional<ColumnIndex> column;
  std::string constant;  ///< where there is no column
  bool row_id = false;   ///< the row's message id
  ValueType type = ValueType::text;
  int decimals = -1;         ///< money is rounded to so many, half to even; -1: left as it is
  std::string prefix;        ///< put before text that is not empty
  std::string strip_suffix;  ///< taken off text that ends with it
  std::vector<ValueRule> otherwise;  ///< at most one: used where this one gives nothing
};

struct Condition {
  enum class Kind : std::uint8_t { in, starts_with, empty };
  ColumnIndex column = 0;
  Kind kind = Kind::in;
  bool negated = false;
  std::vector<std::string> values;
  std::string text;  ///< as people read it
};

/// The first case whose conditions hold names the event.
struct EventCase {
  std::string event;
  std::vector<Condition> when;
  std::vector<std::string> negate;  ///< numbers (of fields or lines) whose sign is turned
};

/// A member of the event: `properties.price`.
struct FieldRule {
  std::vector<std::string> path;
  ValueRule value;
  std::vector<std::string> only_for;  ///< events; empty: all
};

/// Rows that are the lines of one order.
struct LinesRule {
  std::optional<ColumnIndex>
      by;  ///< rows with the same value are lines of one event; none: each row is its own
  std::uint64_t within =
      1000;              ///< rows of one order stand at most so far apart; 0: anywhere in the file
  bool revenue = false;  ///< write `properties.revenue`, the sum of price × quantity
  std::vector<std::string> only_for;
  std::vector<FieldRule> fields;
};

struct TimeRule {
  ColumnIndex column = 0;
  std::string format = "rfc3339";  ///< rfc3339, epoch-ms, epoch-s or a pattern of %Y %m %d %H %M %S
};

struct Mapping {
  enum class Format : std::uint8_t { csv, json_lines };
  Format format = Format::csv;
  char separator = ',';
  bool header = true;
  std::string
      rows;  ///< of JSON lines: the member whose elements are the rows; empty: each line is a row
  std::vector<std::string> columns;  ///< every column that a rule names; a JSON path may have dots
  std::vector<std::string> header_names;  ///< where the file has no header
  events::Source source = events::Source::server;
  TimeRule time;
  std::optional<TimeRule> received;  ///< none: the time
  std::vector<Condition> keep;
  std::vector<EventCase> events;
  std::vector<FieldRule> fields;
  std::optional<LinesRule> lines;
};

/// Reads a mapping. `invalid_argument` names every mistake at once, each with `name:line` and what
/// is allowed.
Result<Mapping> parse_mapping(std::string_view yaml, std::string_view name);

/// Reads the mapping file at `path`.
Result<Mapping> load_mapping(const std::string& path);

}  // namespace bytebasket::producers::import_
