// Rows → the JSON of an event, as a mapping says.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "producers/import/mapping.hpp"
#include "producers/import/row_values.hpp"

namespace bytebasket::producers::import_ {

/// Writes an event in two steps, so that an order's lines can be gathered in between: begin()
/// leaves `properties` open, finish() closes it. Not thread-safe.
class EventWriter {
 public:
  /// Copies the mapping's fields, sorted by their path.
  explicit EventWriter(const Mapping& mapping);

  /// `{"type":"track","event":…,"properties":{…` without the closing braces. `invalid_argument`
  /// names the field whose value is not of its type.
  Status begin(std::string& out, const EventCase& event, const Row& row, Timestamp time) const;
  /// One element of `properties.products`.
  Status append_line(std::string& out, const EventCase& event, const Row& row) const;
  /// The line's price × quantity in millionths; nothing where it has no price.
  Result<std::optional<events::Micros>> line_revenue(const EventCase& event, const Row& row) const;
  /// Closes what begin() opened. `message_id` is left out where the mapping's fields give one.
  void finish(std::string& out, std::string_view message_id) const;

 private:
  Status append_members(std::string& out, std::span<const FieldRule> fields, std::size_t depth,
                        const EventCase& event, const Row& row) const;
  Status append_member(std::string& out, const FieldRule& field, const EventCase& event,
                       const Row& row) const;

  std::vector<FieldRule> outside_;  ///< of properties
  std::vector<FieldRule> properties_;
  std::vector<FieldRule> line_;
  bool gives_message_id_ = false;
};

}  // namespace bytebasket::producers::import_
