#include "events/event.hpp"

#include "base/names.hpp"

namespace bytebasket::events {
namespace {

constexpr std::array<std::string_view, 6> call_names = {"track",  "identify", "page",
                                                        "screen", "group",    "alias"};
constexpr std::array<std::string_view, 5> source_names = {"web", "mobile", "cart", "orders",
                                                          "server"};

/// The sum of the lines that have a price; nullopt where there is none or the sum overflows.
std::optional<Micros> sum_of(std::span<const Line> lines) {
  std::optional<Micros> sum;
  for (const Line& line : lines) {
    if (!line.price) continue;
    const auto amount = multiply(*line.price, line.quantity);
    if (!amount) return std::nullopt;
    sum = add(sum.value_or(Micros(0)), *amount);
    if (!sum) return std::nullopt;
  }
  return sum;
}

std::optional<Micros> subtract(std::optional<Micros> from, std::optional<Micros> what) {
  if (!from || !what) return from;
  std::int64_t rest = 0;
  if (__builtin_sub_overflow(from->value(), what->value(), &rest)) return std::nullopt;
  return Micros(rest);
}

}  // namespace

std::string_view to_string(CallType type) { return call_names[static_cast<std::size_t>(type)]; }
std::string_view to_string(Source source) { return source_names[static_cast<std::size_t>(source)]; }

std::optional<CallType> parse_call_type(std::string_view name) {
  return member_named<CallType>(call_names, name);
}

std::optional<Source> parse_source(std::string_view name) {
  return member_named<Source>(source_names, name);
}

bool is_one_product(EventKind kind) {
  switch (kind) {
    case EventKind::product_clicked:
    case EventKind::product_viewed:
    case EventKind::product_added:
    case EventKind::product_removed:
    case EventKind::product_added_to_wishlist:
    case EventKind::product_removed_from_wishlist:
    case EventKind::wishlist_product_added_to_cart:
    case EventKind::product_shared:
    case EventKind::product_reviewed:
      return true;
    default:
      return false;
  }
}

void fill_in_counts(Event& event) {
  if (schema::group_of(event.kind) != EventGroup::order) return;
  if (event.line_count == 0) event.line_count = static_cast<std::int64_t>(event.lines.size());
  if (event.total_quantity != 0) return;
  for (const Line& line : event.lines) event.total_quantity += line.quantity;
}

std::optional<Micros> revenue_of(const Event& order) {
  if (order.revenue) return order.revenue;
  if (order.total) return subtract(subtract(order.total, order.shipping), order.tax);
  return sum_of(order.lines);
}

}  // namespace bytebasket::events
