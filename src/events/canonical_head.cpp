#include "events/canonical_head.hpp"

namespace bytebasket::events {
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
  put_canonical_head(out, head, [&](std::string_view text) { out.put_quoted(text); });
}

}  // namespace bytebasket::events
