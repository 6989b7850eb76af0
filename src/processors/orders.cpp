#include "processors/orders.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace bytebasket::processors {
namespace {

using events::EventKind;
using events::Micros;

Stamp stamp_of(const events::Event& event) { return {event.time, std::string(event.message_id)}; }

Origin origin_of(const events::Event& event) {
  return {std::string(events::to_string(event.source)), std::string(event.country),
          std::string(event.device), std::string(event.campaign), std::string(event.customer())};
}

std::vector<OrderLine> lines_of(const events::Event& event) {
  std::vector<OrderLine> lines;
  lines.reserve(event.lines.size());
  for (const events::Line& line : event.lines) {
    const std::string_view product = line.product_id.empty() ? line.sku : line.product_id;
    lines.push_back({std::string(product), std::string(line.category), std::string(line.brand),
                     line.price, line.quantity});
  }
  return lines;
}

std::int64_t pieces(const events::Event& event) {
  if (event.total_quantity != 0) return event.total_quantity;
  std::int64_t sum = 0;
  for (const events::Line& line : event.lines) {
    if (__builtin_add_overflow(sum, line.quantity, &sum)) return INT64_MAX;
  }
  return sum;
}

std::int64_t positive(std::int64_t value) {
  return value == INT64_MIN ? INT64_MAX : std::abs(value);
}
Micros positive(Micros amount) { return Micros(positive(amount.value())); }

void take_content(OrderState& order, const events::Event& event) {
  Stamp stamp = stamp_of(event);
  const auto revenue = events::revenue_of(event);
  if (revenue && !(order.worth && order.worth->stamp >= stamp)) {
    order.worth = Worth{stamp,          event.currency.text(), *revenue, event.total,
                        event.discount, event.shipping,        event.tax};
  }
  const bool says_basket = !event.lines.empty() || event.total_quantity != 0;
  if (says_basket && !(order.basket && order.basket->stamp >= stamp)) {
    order.basket = Basket{std::move(stamp), pieces(event), lines_of(event)};
  }
}

void take_completed(OrderState& order, const events::Event& event, Timestamp append_time) {
  Stamp stamp = stamp_of(event);
  if (!order.completed) {
    order.completed = Completion{std::move(stamp), append_time, origin_of(event)};
  } else if (stamp < order.completed->stamp) {
    order.completed->stamp = std::move(stamp);
    order.completed->origin = origin_of(event);
  }
  take_content(order, event);
}

void take_cancelled(OrderState& order, const events::Event& event, Timestamp append_time) {
  Stamp stamp = stamp_of(event);
  if (!order.cancelled) {
    order.cancelled = Cancellation{std::move(stamp), append_time};
  } else if (stamp < order.cancelled->stamp) {
    order.cancelled->stamp = std::move(stamp);
  }
}

/// What a refund says that it gives back, apart from its lines.
std::optional<Micros> stated(const events::Event& event) {
  if (event.revenue || event.total) {
    const auto amount = events::revenue_of(event);
    return amount ? std::optional(positive(*amount)) : std::nullopt;
  }
  return event.value ? std::optional(positive(*event.value)) : std::nullopt;
}

Refund refund_of(const events::Event& event, Timestamp append_time) {
  Refund refund{stamp_of(event),       append_time,   origin_of(event),
                event.currency.text(), stated(event), lines_of(event)};
  for (OrderLine& line : refund.lines) {
    line.quantity = positive(line.quantity);
    if (line.price) line.price = positive(*line.price);
  }
  return refund;
}

bool take_refund(OrderState& order, Refund refund, OrderState& overflow) {
  if (order.refunds.size() >= OrderState::kept_refunds) {
    overflow.refunds.push_back(std::move(refund));
    return false;
  }
  const auto after =
      std::upper_bound(order.refunds.begin(), order.refunds.end(), refund,
                       [](const Refund& a, const Refund& b) { return a.stamp < b.stamp; });
  order.refunds.insert(after, std::move(refund));
  return true;
}

void take_payment(OrderState& order, const events::Event& event) {
  Stamp stamp = stamp_of(event);
  if (order.payment && order.payment->stamp >= stamp) return;
  const fraud::Attempt attempt = fraud::attempt_of(event);
  order.payment = Payment{std::move(stamp),
                          std::string(event.customer()),
                          event.currency.text(),
                          std::string(event.country),
                          std::string(event.status),
                          attempt.amount,
                          pieces(event)};
}

}  // namespace

bool take_event(OrderState& order, const events::Event& event, Timestamp append_time,
                OrderState& overflow) {
  switch (event.kind) {
    case EventKind::order_completed:
      take_completed(order, event, append_time);
      return true;
    case EventKind::order_updated:
      take_content(order, event);
      return true;
    case EventKind::order_cancelled:
      take_cancelled(order, event, append_time);
      return true;
    case EventKind::order_refunded:
      return take_refund(order, refund_of(event, append_time), overflow);
    case EventKind::payment_attempted:
      take_payment(order, event);
      return true;
    default:
      return true;
  }
}

void take_entities(OrderState& order, const fraud::Attempt& attempt) {
  for (std::size_t i = 0; i < fraud::entity_count; ++i) {
    const auto entity = static_cast<fraud::Entity>(i);
    if (attempt[entity].empty() || order.entities.size() >= OrderState::kept_entities) continue;
    std::pair<fraud::Entity, std::string> made{entity, attempt[entity]};
    if (std::find(order.entities.begin(), order.entities.end(), made) == order.entities.end()) {
      order.entities.push_back(std::move(made));
    }
  }
}

}  // namespace bytebasket::processors
