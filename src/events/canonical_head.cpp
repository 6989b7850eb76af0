#include "events/canonical_head.hpp"

#include "events/canonical_time.hpp"
#include "events/json_text.hpp"

namespace bytebasket::events {
namespace {

void append_time(std::string& out, std::string_view name, Timestamp time) {
  out += ",\"";
  out += name;
  out += "\":\"";
  append_canonical_time(out, time);
  out += '"';
}

}  // namespace

CanonicalHead CanonicalHead::of(const Event& event) {
  return {
      .type = event.type,
      .name = event.name,
      .message_id = event.message_id,
      .time = event.time,
      .original_time = event.has_original_time ? std::optional(event.original_time) : std::nullopt,
      .anonymous_id = event.anonymous_id,
      .user_id = event.user_id,
      .source = event.source,
      .session_id = event.session_id,
      .country = event.country,
      .device = event.device,
      .campaign = event.campaign};
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  append_quoted(out, text);
}

void append_member_if_any(std::string& out, std::string_view name, std::string_view text) {
  if (!text.empty()) append_member(out, name, text);
}

void append_canonical_head(std::string& out, const CanonicalHead& head) {
  out += "{\"type\":\"";
  out += to_string(head.type);
  out += '"';
  append_member_if_any(out, head.type == CallType::track ? "event" : "name", head.name);
  append_member(out, "messageId", head.message_id);
  append_time(out, "timestamp", head.time);
  if (head.original_time) append_time(out, "originalTimestamp", *head.original_time);
  append_member_if_any(out, "anonymousId", head.anonymous_id);
  append_member_if_any(out, "userId", head.user_id);
  append_member(out, "source", to_string(head.source));
  append_member_if_any(out, "sessionId", head.session_id);
  append_member_if_any(out, "country", head.country);
  append_member_if_any(out, "device", head.device);
  append_member_if_any(out, "campaign", head.campaign);
}

}  // namespace bytebasket::events
