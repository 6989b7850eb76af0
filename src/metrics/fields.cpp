#include "metrics/fields.hpp"

#include <array>
#include <charconv>

#include "base/names.hpp"
#include "events/money.hpp"

namespace bytebasket::metrics {
namespace {

constexpr std::array<std::string_view, field_count> field_list = {
    "revenue",   "value",       "price",     "discount",      "shipping", "tax",
    "quantity",  "duration_ms", "events",    "product_views", "adds",     "removes",
    "checkouts", "orders",      "converted", "step"};

constexpr std::array<std::string_view, fact_kind_count> kind_list = {
    "events", "lines", "sessions", "carts", "orders", "order_lines", "refunds", "refund_lines"};

}  // namespace

std::string_view name_of(Field field) { return field_list[static_cast<std::size_t>(field)]; }

std::optional<Field> field_named(std::string_view name) {
  return member_named<Field>(field_list, name);
}

std::string field_names() { return joined(field_list); }

std::string_view name_of(FactKind kind) { return kind_list[static_cast<std::size_t>(kind)]; }

std::optional<FactKind> fact_kind_named(std::string_view name) {
  return member_named<FactKind>(kind_list, name);
}

std::vector<Field> fields_of(FactKind kind) {
  using enum Field;
  switch (kind) {
    case FactKind::event:
      return {revenue, value, discount, shipping, tax, quantity, step};
    case FactKind::line:
      return {revenue, price, quantity};
    case FactKind::session:
      return {duration_ms, events, product_views, adds, removes, checkouts, orders, converted};
    case FactKind::cart:
      return {value, quantity, events, adds, removes, converted};
    case FactKind::order:
      return {revenue, discount, shipping, tax, quantity};
    case FactKind::order_line:
      return {revenue, price, quantity};
    case FactKind::refund:
      return {revenue, quantity};
    case FactKind::refund_line:
      return {revenue, price, quantity};
  }
  return {};
}

std::vector<Dimension> dimensions_of(FactKind kind) {
  using enum Dimension;
  switch (kind) {
    case FactKind::event:
      return {source, event, product, category, brand, country, device, currency, campaign, query};
    case FactKind::line:
      return {source, event, product, category, brand, country, device, currency, campaign};
    case FactKind::session:
      return {source, country, device, campaign};
    case FactKind::cart:
    case FactKind::order:
    case FactKind::refund:
      return {source, country, device, currency, campaign};
    case FactKind::order_line:
    case FactKind::refund_line:
      return {source, product, category, brand, country, device, currency, campaign};
  }
  return {};
}

std::optional<std::int64_t> parse_field_value(Field field, std::string_view text) {
  if (is_money(field)) {
    const auto amount = events::parse_money(text);
    return amount ? std::optional(amount->value()) : std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace bytebasket::metrics
