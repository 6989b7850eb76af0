#include "lake/lake_row.hpp"

#include <simdjson.h>

#include "events/json_cursor.hpp"

namespace bytebasket::lake {
namespace {

constexpr std::string_view before_properties = ",\"properties\":";

bool is_text(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

/// Cuts what stands behind the head into the properties and the rest; false where it is not so
/// made. `tail` is JSON that was read whole before.
bool cut(std::string_view tail, LakeRow& row) {
  if (!tail.starts_with(before_properties)) return false;
  tail.remove_prefix(before_properties.size());
  events::JsonCursor cursor(tail);
  if (!cursor.at_object()) return false;
  cursor.skip();
  const std::size_t end = cursor.position();
  if (end >= tail.size() || tail.back() != '}') return false;
  row.properties = tail.substr(0, end);
  if (tail[end] == '}') return end + 1 == tail.size();
  row.rest = tail.substr(end + 1);
  return tail[end] == ',';
}

}  // namespace

void RowSplitter::split(const streams::Record& record, LakeRow& row) {
  row.record = record;
  row.key_is_text = is_text(record.key);
  row.properties = row.rest = {};
  row.taken_apart = record.type == streams::RecordType::event && is_text(record.value) &&
                    reader_.read_into(row.event, record.value) && is_made_of(record.value, row);
  if (row.taken_apart) return;
  row.event = {};
  row.properties = row.rest = {};
}

/// What the columns would give back must be what stands there: then it is taken apart.
bool RowSplitter::is_made_of(std::string_view value, LakeRow& row) {
  head_.clear();
  events::put_canonical_head(head_, events::CanonicalHead::of(row.event));
  return value.starts_with(head_.text()) && cut(value.substr(head_.size()), row);
}

void append_value(std::string& out, events::TextWriter& scratch, const events::CanonicalHead& head,
                  std::string_view properties, std::string_view rest) {
  scratch.clear();
  put_canonical_head(scratch, head);
  out += scratch.text();
  out += before_properties;
  out += properties;
  if (rest.empty()) {
    out += '}';
  } else {
    out += ',';
    out += rest.substr(1);
  }
}

}  // namespace bytebasket::lake
