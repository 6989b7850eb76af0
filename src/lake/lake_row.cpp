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

LakeRow RowSplitter::split(const streams::Record& record) {
  LakeRow row{.record = record, .key_is_text = is_text(record.key)};
  if (record.type != streams::RecordType::event || !is_text(record.value)) return row;
  const auto event = reader_.read(record.value);
  if (!event) return row;
  // What the head's columns would give back must be what stands there: then it is.
  head_.clear();
  events::put_canonical_head(head_, events::CanonicalHead::of(*event));
  if (!record.value.starts_with(head_.text())) return row;
  row.taken_apart = cut(record.value.substr(head_.size()), row);
  if (row.taken_apart) row.event = *event;
  return row;
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
