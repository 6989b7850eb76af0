#include "events/event_reader.hpp"

#include <algorithm>
#include <cstring>

#include "events/canonical_time.hpp"
#include "events/json_cursor.hpp"
#include "events/known_keys.hpp"
#include "events/money_text.hpp"
#include "events/text_arena.hpp"

namespace bytebasket::events {
namespace {

constexpr std::int64_t micros_per_unit = 1'000'000;

tl::unexpected<Error> corrupt(std::string_view why) {
  return fail(ErrorCode::corrupt, "not a canonical event: " + std::string(why));
}

std::optional<Micros> read_money(std::string_view text) {
  if (const auto plain = read_plain_money(text)) return plain;
  const auto amount = parse_money(text);
  return amount ? std::optional(*amount) : std::nullopt;
}

std::int64_t read_whole(std::string_view text, std::int64_t otherwise) {
  const auto amount = read_money(text);
  if (!amount || amount->value() % micros_per_unit != 0) return otherwise;
  return amount->value() / micros_per_unit;
}

std::optional<Timestamp> read_time(std::string_view text) {
  if (const auto time = read_canonical_time(text)) return time;
  const auto time = parse_timestamp(text);
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

struct EventReader::Impl {
  TextArena arena;
  std::vector<Line> lines;

  /// The text of a string, or the digits of a number; empty for null and other kinds.
  std::string_view text(JsonCursor& cursor) {
    const JsonCursor::Scalar scalar = cursor.scalar();
    return scalar.escaped ? arena.unescape(scalar.text) : scalar.text;
  }
  std::optional<Micros> money(JsonCursor& cursor) {
    const std::string_view digits = text(cursor);
    return digits.empty() ? std::nullopt : read_money(digits);
  }

  void read_top(JsonCursor& cursor, TopKey key, Event& event, bool& typed, bool& timed);
  void read_properties(JsonCursor& cursor, Event& event);
  void read_property(JsonCursor& cursor, PropertyKey key, Event& event, Line& own);
  void read_products(JsonCursor& cursor);
  bool read_line_member(JsonCursor& cursor, PropertyKey key, Line& line);
  void read_context(JsonCursor& cursor, Event& event);
  std::string_view read_member(JsonCursor& cursor, std::string_view wanted);
  Status read_into(Event& event, std::string_view json);
};

void EventReader::Impl::read_top(JsonCursor& cursor, TopKey key, Event& event, bool& typed,
                                 bool& timed) {
  switch (key) {
    case TopKey::type: {
      const auto type = parse_call_type(text(cursor));
      typed = type.has_value();
      event.type = type.value_or(CallType::track);
      return;
    }
    case TopKey::event:
    case TopKey::name: {
      const bool is_name = (key == TopKey::event) == (event.type == CallType::track);
      if (!is_name) return cursor.skip();
      event.name = text(cursor);
      if (event.type == CallType::track) event.kind = schema::event_kind(event.name);
      return;
    }
    case TopKey::message_id:
      event.message_id = text(cursor);
      return;
    case TopKey::timestamp: {
      const auto time = read_time(text(cursor));
      timed = time.has_value();
      event.time = time.value_or(Timestamp());
      return;
    }
    case TopKey::original_timestamp: {
      const auto time = read_time(text(cursor));
      event.has_original_time = time.has_value();
      event.original_time = time.value_or(Timestamp());
      return;
    }
    case TopKey::anonymous_id:
      event.anonymous_id = text(cursor);
      return;
    case TopKey::user_id:
      event.user_id = text(cursor);
      return;
    case TopKey::source:
      event.source = parse_source(text(cursor)).value_or(Source::server);
      return;
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
    case TopKey::properties:
      return read_properties(cursor, event);
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

void EventReader::Impl::read_properties(JsonCursor& cursor, Event& event) {
  Line own;
  lines.clear();
  cursor.members(
      [&](std::string_view name) { read_property(cursor, property_key(name), event, own); });
  if (lines.empty() && is_one_product(event.kind) &&
      !(own.product_id.empty() && own.sku.empty() && own.name.empty())) {
    lines.push_back(own);
  }
  event.lines = arena.copy(std::span<const Line>(lines));
  fill_in_counts(event);
}

void EventReader::Impl::read_property(JsonCursor& cursor, PropertyKey key, Event& event,
                                      Line& own) {
  if (read_line_member(cursor, key, own)) return;
  switch (key) {
    case PropertyKey::order_id:
      event.order_id = text(cursor);
      return;
    case PropertyKey::cart_id:
      event.cart_id = text(cursor);
      return;
    case PropertyKey::checkout_id:
      event.checkout_id = text(cursor);
      return;
    case PropertyKey::query:
      event.query = text(cursor);
      return;
    case PropertyKey::coupon:
      event.coupon = text(cursor);
      return;
    case PropertyKey::status:
      event.status = text(cursor);
      return;
    case PropertyKey::label:
      event.label = text(cursor);
      return;
    case PropertyKey::card_fingerprint:
      event.card = text(cursor);
      return;
    case PropertyKey::payment: {
      const std::string_view card = read_member(cursor, "card_fingerprint");
      if (event.card.empty()) event.card = card;
      return;
    }
    case PropertyKey::email: {
      const std::string_view email = text(cursor);
      if (event.email.empty()) event.email = email;
      return;
    }
    case PropertyKey::step:
      event.step = read_whole(text(cursor), 0);
      return;
    case PropertyKey::total_quantity:
      event.total_quantity = read_whole(text(cursor), 0);
      return;
    case PropertyKey::line_count:
      event.line_count = read_whole(text(cursor), 0);
      return;
    case PropertyKey::currency:
      event.currency = Currency::parse(text(cursor)).value_or(Currency());
      return;
    case PropertyKey::revenue:
      event.revenue = money(cursor);
      return;
    case PropertyKey::total:
      event.total = money(cursor);
      return;
    case PropertyKey::subtotal:
      event.subtotal = money(cursor);
      return;
    case PropertyKey::shipping:
      event.shipping = money(cursor);
      return;
    case PropertyKey::tax:
      event.tax = money(cursor);
      return;
    case PropertyKey::discount:
      event.discount = money(cursor);
      return;
    case PropertyKey::value:
      event.value = money(cursor);
      return;
    case PropertyKey::products:
      return read_products(cursor);
    default:
      return cursor.skip();
  }
}

bool EventReader::Impl::read_line_member(JsonCursor& cursor, PropertyKey key, Line& line) {
  switch (key) {
    case PropertyKey::product_id:
      line.product_id = text(cursor);
      return true;
    case PropertyKey::sku:
      line.sku = text(cursor);
      return true;
    case PropertyKey::name:
      line.name = text(cursor);
      return true;
    case PropertyKey::category:
      line.category = text(cursor);
      return true;
    case PropertyKey::brand:
      line.brand = text(cursor);
      return true;
    case PropertyKey::price:
      line.price = money(cursor);
      return true;
    case PropertyKey::quantity:
      line.quantity = read_whole(text(cursor), 1);
      return true;
    default:
      return false;
  }
}

void EventReader::Impl::read_products(JsonCursor& cursor) {
  lines.clear();
  cursor.elements([&] {
    if (!cursor.at_object()) return cursor.skip();
    Line& line = lines.emplace_back();
    cursor.members([&](std::string_view name) {
      if (!read_line_member(cursor, property_key(name), line)) cursor.skip();
    });
  });
}

void EventReader::Impl::read_context(JsonCursor& cursor, Event& event) {
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
  bool typed = false;
  bool timed = false;
  cursor.members(
      [&](std::string_view name) { read_top(cursor, top_key(name), event, typed, timed); });
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
  BB_RETURN_IF_ERROR(impl_->read_into(event, json));
  return event;
}
Status EventReader::read_into(Event& event, std::string_view json) {
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
