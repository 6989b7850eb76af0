#include "producers/import/mapped_event.hpp"

#include <algorithm>

#include "producers/import/json_text.hpp"

namespace bytebasket::producers::import_ {

namespace {

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// Keeps rules sorted by path; those of the same path stay in the order of the mapping.
void insert_sorted(std::vector<FieldRule>& fields, const FieldRule& field) {
  const auto place = std::upper_bound(
      fields.begin(), fields.end(), field,
      [](const FieldRule& one, const FieldRule& other) { return one.path < other.path; });
  fields.insert(place, field);
}

void append_comma(std::string& out) {
  if (!out.empty() && out.back() != '{' && out.back() != '[') out += ',';
}

}  // namespace

EventWriter::EventWriter(const Mapping& mapping) {
  for (const FieldRule& field : mapping.fields) {
    insert_sorted(field.path[0] == "properties" ? properties_ : outside_, field);
    if (field.path[0] == "messageId") gives_message_id_ = true;
  }
  if (!mapping.lines) return;
  for (const FieldRule& field : mapping.lines->fields) insert_sorted(line_, field);
}

Status EventWriter::begin(std::string& out, const EventCase& event, const Row& row,
                          Timestamp time) const {
  out += R"({"type":"track","event":)";
  append_json_string(out, event.event);
  out += R"(,"timestamp":")";
  append_timestamp_ms(out, time);
  out += '"';
  BB_RETURN_IF_ERROR(append_members(out, outside_, 0, event, row));
  out += R"(,"properties":{)";
  return append_members(out, properties_, 1, event, row);
}

Status EventWriter::append_members(std::string& out, std::span<const FieldRule> fields,
                                   std::size_t depth, const EventCase& event,
                                   const Row& row) const {
  while (!fields.empty()) {
    const std::string& name = fields.front().path[depth];
    const auto end = std::find_if(fields.begin(), fields.end(), [&](const FieldRule& field) {
      return field.path[depth] != name ||
             (field.path.size() == depth + 1) != (fields.front().path.size() == depth + 1);
    });
    const auto same = fields.first(static_cast<std::size_t>(end - fields.begin()));
    fields = fields.subspan(same.size());
    if (same.front().path.size() == depth + 1) {
      // Several rules for one field are for different events; the first that gives something
      // counts.
      const std::size_t before = out.size();
      for (const FieldRule& field : same) {
        if (out.size() == before) BB_RETURN_IF_ERROR(append_member(out, field, event, row));
      }
      continue;
    }
    const std::size_t before = out.size();
    append_comma(out);
    append_json_string(out, name);
    out += ":{";
    const std::size_t opened = out.size();
    BB_RETURN_IF_ERROR(append_members(out, same, depth + 1, event, row));
    if (out.size() == opened) {
      out.resize(before);
    } else {
      out += '}';
    }
  }
  return ok();
}

Status EventWriter::append_member(std::string& out, const FieldRule& field, const EventCase& event,
                                  const Row& row) const {
  if (!field.only_for.empty() && !contains(field.only_for, event.event)) return ok();
  const std::size_t before = out.size();
  append_comma(out);
  append_json_string(out, field.path.back());
  out += ':';
  const auto written =
      append_value(out, field.value, row, contains(event.negate, field.path.back()));
  if (!written) return fail(written.error().within(field.path.back()));
  if (!*written) out.resize(before);
  return ok();
}

Status EventWriter::append_line(std::string& out, const EventCase& event, const Row& row) const {
  append_comma(out);
  out += '{';
  BB_RETURN_IF_ERROR(append_members(out, line_, 0, event, row));
  out += '}';
  return ok();
}

Result<std::optional<events::Micros>> EventWriter::line_revenue(const EventCase& event,
                                                                const Row& row) const {
  std::optional<events::Micros> price;
  std::int64_t quantity = 1;
  for (const FieldRule& field : line_) {
    const bool negate = contains(event.negate, field.path.back());
    if (field.path.back() == "price") {
      BB_ASSIGN_OR_RETURN(price, amount_of(field.value, row, negate));
    } else if (field.path.back() == "quantity") {
      BB_ASSIGN_OR_RETURN(const auto pieces, amount_of(field.value, row, negate));
      if (pieces) quantity = pieces->value() / 1'000'000;
    }
  }
  if (!price) return std::optional<events::Micros>();
  const auto revenue = events::multiply(*price, quantity);
  if (!revenue)
    return fail(ErrorCode::invalid_argument, "price × quantity is beyond what money can hold");
  return revenue;
}

void EventWriter::finish(std::string& out, std::string_view message_id) const {
  out += '}';
  if (!gives_message_id_) import_::append_member(out, "messageId", message_id);
  out += '}';
}

}  // namespace bytebasket::producers::import_
