#include "events/event_reader.hpp"

#include "events/canonical_time.hpp"
#include "events/event_reader_parts.hpp"
#include "events/known_keys.hpp"

namespace bytebasket::events {
namespace {

tl::unexpected<Error> corrupt(std::string_view why) {
  return fail(ErrorCode::corrupt, "not a canonical event: " + std::string(why));
}

std::optional<Timestamp> read_time(std::string_view text) {
  if (const auto time = read_canonical_time(text)) return time;
  const auto time = parse_timestamp(text);
  return time ? std::optional(*time) : std::nullopt;
}

void set_name(Event& event, std::string_view name) {
  event.name = name;
  if (event.type == CallType::track) event.kind = schema::event_kind(name);
}

void set_original_time(Event& event, std::string_view text) {
  const auto time = read_time(text);
  event.has_original_time = time.has_value();
  event.original_time = time.value_or(Timestamp());
}

void set_source(Event& event, std::string_view name) {
  event.source = parse_source(name).value_or(Source::server);
}

}  // namespace

void EventReader::Impl::set_type(Event& event, std::string_view name) {
  const auto type = parse_call_type(name);
  typed = type.has_value();
  event.type = type.value_or(CallType::track);
}

void EventReader::Impl::set_time(Event& event, std::string_view text) {
  const auto time = read_time(text);
  timed = time.has_value();
  event.time = time.value_or(Timestamp());
}

/// Takes the members of a canonical head as put_canonical_head() puts them, which needs no look-up
/// of a key, as far as they stand in that order. False, with the cursor where it was, where the
/// event does not begin like that.
bool EventReader::Impl::read_head(JsonCursor& cursor, Event& event) {
  const auto take = [&](const auto& intro, auto use) {
    if (cursor.take_text(intro)) use(text_of(cursor.rest_of_string()));
  };
  const auto take_into = [&](const auto& intro, std::string_view& into) {
    take(intro, [&into](std::string_view text) { into = text; });
  };
  if (!cursor.take_text(R"({"type":")")) return false;
  set_type(event, text_of(cursor.rest_of_string()));
  if (event.type == CallType::track) {
    take(R"(,"event":")", [&event](std::string_view text) { set_name(event, text); });
  } else {
    take(R"(,"name":")", [&event](std::string_view text) { set_name(event, text); });
  }
  take_into(R"(,"messageId":")", event.message_id);
  take(R"(,"timestamp":")", [&](std::string_view text) { set_time(event, text); });
  take(R"(,"originalTimestamp":")",
       [&event](std::string_view text) { set_original_time(event, text); });
  take_into(R"(,"anonymousId":")", event.anonymous_id);
  take_into(R"(,"userId":")", event.user_id);
  take(R"(,"source":")", [&event](std::string_view text) { set_source(event, text); });
  take_into(R"(,"sessionId":")", event.session_id);
  take_into(R"(,"country":")", event.country);
  take_into(R"(,"device":")", event.device);
  take_into(R"(,"campaign":")", event.campaign);
  return true;
}

void EventReader::Impl::read_top(JsonCursor& cursor, TopKey key, Event& event) {
  switch (key) {
    case TopKey::type:
      return set_type(event, text(cursor));
    case TopKey::event:
    case TopKey::name: {
      const bool is_name = (key == TopKey::event) == (event.type == CallType::track);
      return is_name ? set_name(event, text(cursor)) : cursor.skip();
    }
    case TopKey::message_id:
      event.message_id = text(cursor);
      return;
    case TopKey::timestamp:
      return set_time(event, text(cursor));
    case TopKey::original_timestamp:
      return set_original_time(event, text(cursor));
    case TopKey::anonymous_id:
      event.anonymous_id = text(cursor);
      return;
    case TopKey::user_id:
      event.user_id = text(cursor);
      return;
    case TopKey::source:
      return set_source(event, text(cursor));
    case TopKey::session_id:
      event.session_id = text(cursor);
      return;
    case TopKey::country:
      event.country = text(cursor);
      return;
    case TopKey::device:
      event.device = text(cursor);
      return;
    case TopKey::campaign:
      event.campaign = text(cursor);
      return;
    case TopKey::properties: {
      const std::size_t begin = cursor.position();
      read_properties(cursor, event);
      event.properties = event.json.substr(begin, cursor.position() - begin);
      return;
    }
    case TopKey::traits: {
      const std::string_view email = read_member(cursor, "email");
      if (!email.empty()) event.email = email;
      return;
    }
    case TopKey::context:
      return read_context(cursor, event);
    default:
      return cursor.skip();
  }
}

void EventReader::Impl::read_context(JsonCursor& cursor, Event& event) {
  const auto take_app = [&](JsonCursor& app) { event.app = read_member(app, "name"); };
  if (fields == EventFields::without_contact && cursor.pass_object(R"("app")", take_app)) return;
  cursor.members([&](std::string_view name) {
    switch (context_key(name)) {
      case ContextKey::ip:
        event.ip = text(cursor);
        return;
      case ContextKey::device:
        event.device_id = read_member(cursor, "id");
        return;
      case ContextKey::app:
        event.app = read_member(cursor, "name");
        return;
      case ContextKey::traits: {
        const std::string_view email = read_member(cursor, "email");
        if (event.email.empty()) event.email = email;
        return;
      }
      default:
        return cursor.skip();
    }
  });
}

/// The text of one member of the object at the cursor, which is passed; empty where it is no object
/// or has none.
std::string_view EventReader::Impl::read_member(JsonCursor& cursor, std::string_view wanted) {
  std::string_view found;
  if (!cursor.at_object()) {
    cursor.skip();
    return found;
  }
  cursor.members([&](std::string_view name) {
    if (name == wanted) {
      found = text(cursor);
    } else {
      cursor.skip();
    }
  });
  return found;
}

Status EventReader::Impl::read_into(Event& event, std::string_view json) {
  JsonCursor cursor(json);
  event = {};
  event.json = json;
  typed = timed = false;
  const auto read_member = [&](std::string_view name) { read_top(cursor, top_key(name), event); };
  if (read_head(cursor, event)) {
    cursor.more_members(read_member);
  } else {
    cursor.members(read_member);
  }
  if (!cursor.finished())
    return corrupt("broken JSON at byte " + std::to_string(cursor.position()));
  if (!typed) return corrupt("its type is none of the tracking API");
  if (!timed) return corrupt("it has no timestamp");
  if (event.message_id.empty()) return corrupt("it has no messageId");
  if (!event.has_original_time) event.original_time = event.time;
  return ok();
}

EventReader::EventReader() : impl_(std::make_unique<Impl>()) {}
EventReader::~EventReader() = default;
EventReader::EventReader(EventReader&&) noexcept = default;
EventReader& EventReader::operator=(EventReader&&) noexcept = default;

Result<Event> EventReader::read(std::string_view json) {
  Event event;
  BB_RETURN_IF_ERROR(read_into(event, json));
  return event;
}
Status EventReader::read_into(Event& event, std::string_view json, EventFields fields) {
  impl_->fields = fields;
  return impl_->read_into(event, json);
}
void EventReader::clear() { impl_->arena.clear(); }

std::optional<EventPeek> EventReader::peek(std::string_view json) {
  static constexpr std::string_view track = R"({"type":"track","event":")";
  if (json.starts_with(track)) {
    const char* const name = json.data() + track.size();
    const char* const end = json.data() + json.size();
    const char* const stop = plain_run_end(name, end);
    if (stop >= end || *stop != '"') return std::nullopt;
    return EventPeek{CallType::track,
                     schema::event_kind({name, static_cast<std::size_t>(stop - name)})};
  }
  static constexpr std::string_view other = R"({"type":")";
  if (!json.starts_with(other)) return std::nullopt;
  const std::string_view rest = json.substr(other.size(), 9);
  const auto type = parse_call_type(rest.substr(0, rest.find('"')));
  if (!type || *type == CallType::track) return std::nullopt;
  return EventPeek{*type, EventKind::unknown};
}

}  // namespace bytebasket::events
