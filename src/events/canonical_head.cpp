#include "events/canonical_head.hpp"

#include "events/canonical_time.hpp"

namespace bytebasket::events {
namespace {

/// `intro` ends with the quote.
template <std::size_t N>
void put_time(TextWriter& out, const char (&intro)[N], Timestamp time) {
  out.put(intro);
  out.written_to(write_canonical_time(out.room(canonical_time_size), time));
  out.put('"');
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

void put_canonical_head(TextWriter& out, const CanonicalHead& head) {
  put_word(out, R"({"type":")", to_string(head.type));
  if (head.type == CallType::track) {
    put_member_if_any(out, R"(,"event":)", head.name);
  } else {
    put_member_if_any(out, R"(,"name":)", head.name);
  }
  put_member(out, R"(,"messageId":)", head.message_id);
  put_time(out, R"(,"timestamp":")", head.time);
  if (head.original_time) put_time(out, R"(,"originalTimestamp":")", *head.original_time);
  put_member_if_any(out, R"(,"anonymousId":)", head.anonymous_id);
  put_member_if_any(out, R"(,"userId":)", head.user_id);
  put_word(out, R"(,"source":")", to_string(head.source));
  put_member_if_any(out, R"(,"sessionId":)", head.session_id);
  put_member_if_any(out, R"(,"country":)", head.country);
  put_member_if_any(out, R"(,"device":)", head.device);
  put_member_if_any(out, R"(,"campaign":)", head.campaign);
}

void append_canonical_head(std::string& out, const CanonicalHead& head) {
  TextWriter text;
  put_canonical_head(text, head);
  out += text.text();
}

}  // namespace bytebasket::events
