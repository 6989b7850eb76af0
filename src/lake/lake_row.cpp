#include "lake/lake_row.hpp"

#include <simdjson.h>

#include "events/text_matcher.hpp"

namespace bytebasket::lake {
namespace {

bool is_text(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

}  // namespace

void RowSplitter::split(const streams::Record& record, LakeRow& row) {
  row.record = record;
  row.key_is_text = is_text(record.key);
  row.properties = row.rest = {};
  row.taken_apart =
      record.type == streams::RecordType::event && is_text(record.value) &&
      reader_.read_into(row.event, record.value, events::EventFields::without_contact) &&
      is_made_of(record.value, row);
  if (row.taken_apart) return;
  row.event = {};
  row.properties = row.rest = {};
}

/// What the columns would give back must be what stands there: then it is taken apart. The value is
/// JSON that was read whole before, and the event's properties are a part of it.
bool RowSplitter::is_made_of(std::string_view value, LakeRow& row) {
  events::TextMatcher head(value, scratch_);
  events::put_canonical_head(head, events::CanonicalHead::of(row.event),
                             [&](std::string_view text) { head.put_quoted(text); });
  head.put(before_properties);
  row.properties = row.event.properties;
  if (!head.matches() || row.properties.data() != value.data() + head.position()) return false;
  if (!row.properties.starts_with('{') || value.back() != '}') return false;
  const std::string_view behind = value.substr(head.position() + row.properties.size());
  if (behind.starts_with(',')) row.rest = behind.substr(1);
  return behind.starts_with(',') || behind == "}";
}

}  // namespace bytebasket::lake
