// Properties of a canonical event, and its product lines.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "events/event_reader_parts.hpp"
#include "events/known_keys.hpp"
#include "events/money_text.hpp"

namespace bytebasket::events {
namespace {

constexpr std::int64_t micros_per_unit = 1'000'000;

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

/// Of an amount as it is written; nothing where nothing is.
std::optional<Micros> money(std::string_view digits) {
  return digits.empty() ? std::nullopt : read_money(digits);
}

}  // namespace

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
      event.revenue = money(text(cursor));
      return;
    case PropertyKey::total:
      event.total = money(text(cursor));
      return;
    case PropertyKey::subtotal:
      event.subtotal = money(text(cursor));
      return;
    case PropertyKey::shipping:
      event.shipping = money(text(cursor));
      return;
    case PropertyKey::tax:
      event.tax = money(text(cursor));
      return;
    case PropertyKey::discount:
      event.discount = money(text(cursor));
      return;
    case PropertyKey::value:
      event.value = money(text(cursor));
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
      line.price = money(text(cursor));
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

}  // namespace bytebasket::events
