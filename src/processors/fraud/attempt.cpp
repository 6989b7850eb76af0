#include "processors/fraud/attempt.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace bytebasket::processors::fraud {
namespace {

constexpr std::array<std::string_view, attribute_count> attribute_names = {
    "customer", "card", "device", "ip", "country"};
constexpr std::array<std::string_view, 6> failures = {"failed",  "failure",  "declined",
                                                      "refused", "rejected", "error"};

std::optional<events::Micros> charged(const events::Event& event) {
  if (event.value) return event.value;
  if (event.total) return event.total;
  return events::revenue_of(event);
}

}  // namespace

std::string_view to_string(Entity entity) {
  return attribute_names[static_cast<std::size_t>(entity)];
}

std::string_view to_string(Attribute attribute) {
  return attribute_names[static_cast<std::size_t>(attribute)];
}

std::optional<Attribute> parse_attribute(std::string_view name) {
  return member_named<Attribute>(attribute_names, name);
}

std::optional<Entity> parse_entity(std::string_view name) {
  const auto attribute = parse_attribute(name);
  if (!attribute || *attribute == Attribute::country) return std::nullopt;
  return static_cast<Entity>(*attribute);
}

bool Attempt::failed() const {
  return std::find(failures.begin(), failures.end(), status) != failures.end();
}

Attempt attempt_of(const events::Event& event) {
  Attempt attempt;
  attempt.time = event.time;
  attempt.is_order = event.kind == events::EventKind::order_completed;
  attempt.amount = charged(event);
  attempt.currency = event.currency;
  attempt.currency_text = event.currency.text();
  attempt.attributes = {event.customer(), event.card, event.device_id, event.ip, event.country};
  attempt.device = event.device;
  attempt.source = events::to_string(event.source);
  attempt.status = event.status;
  attempt.campaign = event.campaign;
  attempt.coupon = event.coupon;
  attempt.email = event.email;
  attempt.lines = static_cast<std::int64_t>(event.lines.size());
  for (const events::Line& line : event.lines) {
    if (__builtin_add_overflow(attempt.items, line.quantity, &attempt.items))
      attempt.items = INT64_MAX;
  }
  return attempt;
}

}  // namespace bytebasket::processors::fraud
