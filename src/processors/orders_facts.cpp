// What an order contributes to the metrics.
#include <algorithm>

#include "processors/orders.hpp"

namespace bytebasket::processors {
namespace {

using events::Micros;
using metrics::Dimension;
using metrics::Fact;
using metrics::FactKind;
using metrics::Field;

void set_money(Fact& fact, Field field, const std::optional<Micros>& amount) {
  if (amount) fact.set(field, amount->value());
}

Fact fact_at(FactKind kind, Timestamp time, Timestamp append_time, const Origin& origin,
             std::string_view currency) {
  Fact fact;
  fact.kind = kind;
  fact.time = time;
  fact.append_time = append_time;
  fact.customer = origin.customer;
  fact.set(Dimension::source, origin.source);
  fact.set(Dimension::country, origin.country);
  fact.set(Dimension::device, origin.device);
  fact.set(Dimension::campaign, origin.campaign);
  fact.set(Dimension::currency, currency);
  return fact;
}

std::optional<Micros> worth(const OrderLine& line) {
  return line.price ? events::multiply(*line.price, line.quantity) : std::nullopt;
}

void add_line(std::vector<Fact>& facts, Fact fact, const OrderLine& line, std::int64_t quantity) {
  fact.fields = {};
  fact.set(Dimension::product, line.product);
  fact.set(Dimension::category, line.category);
  fact.set(Dimension::brand, line.brand);
  fact.set(Field::quantity, quantity);
  set_money(fact, Field::price, line.price);
  if (line.price) set_money(fact, Field::revenue, events::multiply(*line.price, quantity));
  facts.push_back(fact);
}

void add_lines(std::vector<Fact>& facts, const Fact& fact, const std::vector<OrderLine>& lines) {
  for (const OrderLine& line : lines) add_line(facts, fact, line, line.quantity);
}

void add_order(std::vector<Fact>& facts, const OrderState& order) {
  const Completion& completed = *order.completed;
  const std::string_view currency = order.worth ? std::string_view(order.worth->currency) : "";
  Fact fact = fact_at(FactKind::order, completed.stamp.time, completed.append_time,
                      completed.origin, currency);
  if (order.worth) {
    fact.set(Field::revenue, order.worth->revenue.value());
    set_money(fact, Field::discount, order.worth->discount);
    set_money(fact, Field::shipping, order.worth->shipping);
    set_money(fact, Field::tax, order.worth->tax);
  }
  fact.set(Field::quantity, order.basket ? order.basket->quantity : 0);
  facts.push_back(fact);
  if (!order.basket) return;
  fact.kind = FactKind::order_line;
  add_lines(facts, fact, order.basket->lines);
}

/// The lines of a refund, with the order's prices where they name none.
std::vector<OrderLine> priced_lines(const Refund& refund, const OrderState& order) {
  std::vector<OrderLine> lines = refund.lines;
  if (!order.basket) return lines;
  for (OrderLine& line : lines) {
    if (line.price) continue;
    const auto bought =
        std::find_if(order.basket->lines.begin(), order.basket->lines.end(),
                     [&](const OrderLine& other) { return other.product == line.product; });
    if (bought != order.basket->lines.end()) line.price = bought->price;
  }
  return lines;
}

/// nullopt where no line has a price, or where the sum is more than an amount can say.
std::optional<Micros> price_of(const std::vector<OrderLine>& lines) {
  std::optional<Micros> sum;
  for (const OrderLine& line : lines) {
    const auto amount = worth(line);
    if (!amount) continue;
    sum = events::add(sum.value_or(Micros(0)), *amount);
    if (!sum) return std::nullopt;
  }
  return sum;
}

/// The revenue that refunds are taken from; nullopt where the order is not known (yet).
std::optional<Micros> revenue_known(const OrderState& order) {
  return order.completed && order.worth ? std::optional(order.worth->revenue) : std::nullopt;
}

bool same_currency(const Refund& refund, const OrderState& order) {
  return refund.currency.empty() || refund.currency == order.worth->currency;
}

void add_refund(std::vector<Fact>& facts, const OrderState& order, const Refund& refund,
                const std::optional<Micros>& amount) {
  const Origin& origin = order.completed ? order.completed->origin : refund.origin;
  const bool inherits = refund.currency.empty() && order.worth;
  Fact fact = fact_at(
      FactKind::refund, refund.stamp.time, refund.append_time, origin,
      inherits ? std::string_view(order.worth->currency) : std::string_view(refund.currency));
  fact.refund_type = "refund";
  set_money(fact, Field::revenue, amount);
  facts.push_back(fact);
  fact.kind = FactKind::refund_line;
  const std::size_t first = facts.size();
  add_lines(facts, fact, refund.lines);
  const std::vector<OrderLine> priced = priced_lines(refund, order);
  for (std::size_t i = 0; i < priced.size(); ++i) {
    set_money(facts[first + i], Field::price, priced[i].price);
    set_money(facts[first + i], Field::revenue, worth(priced[i]));
  }
}

/// How many pieces of each line of the basket the refunds before the cancellation left.
std::vector<std::int64_t> pieces_left(const OrderState& order) {
  const std::vector<OrderLine>& lines = order.basket->lines;
  std::vector<std::int64_t> left;
  left.reserve(lines.size());
  for (const OrderLine& line : lines) left.push_back(line.quantity);
  for (const Refund& refund : order.refunds) {
    if (order.cancelled->stamp < refund.stamp) break;
    if (!same_currency(refund, order)) continue;
    for (const OrderLine& returned : refund.lines) {
      std::int64_t pieces = std::max<std::int64_t>(returned.quantity, 0);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].product != returned.product) continue;
        const std::int64_t taken = std::clamp<std::int64_t>(left[i], 0, pieces);
        left[i] -= taken;
        pieces -= taken;
      }
    }
  }
  return left;
}

void add_cancellation(std::vector<Fact>& facts, const OrderState& order, Micros amount) {
  Fact fact = fact_at(FactKind::refund, order.cancelled->stamp.time, order.cancelled->append_time,
                      order.completed->origin, order.worth->currency);
  fact.refund_type = "cancellation";
  fact.set(Field::revenue, amount.value());
  facts.push_back(fact);
  if (!order.basket || amount == Micros(0)) return;
  fact.kind = FactKind::refund_line;
  const std::vector<std::int64_t> left = pieces_left(order);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] != 0) add_line(facts, fact, order.basket->lines[i], left[i]);
  }
}

bool equal(const Fact& a, const Fact& b) {
  return a.kind == b.kind && a.time == b.time && a.append_time == b.append_time &&
         a.dimensions == b.dimensions && a.fields == b.fields && a.customer == b.customer &&
         a.refund_type == b.refund_type;
}

}  // namespace

Settlement settle(const OrderState& order) {
  Settlement settlement;
  const auto revenue = revenue_known(order);
  Micros left = revenue ? Micros(std::max<std::int64_t>(revenue->value(), 0)) : Micros(0);
  const auto take = [&](Micros wanted) {
    const Micros taken = std::min(wanted, left);
    left = Micros(left.value() - taken.value());
    settlement.refunded = Micros(settlement.refunded.value() + taken.value());
    return taken;
  };
  bool cancelling = revenue && order.cancelled;
  for (const Refund& refund : order.refunds) {
    if (cancelling && order.cancelled->stamp < refund.stamp) {
      settlement.cancellation = take(left);
      cancelling = false;
    }
    const auto wanted = refund.amount ? refund.amount : price_of(priced_lines(refund, order));
    const bool known = revenue && same_currency(refund, order);
    settlement.refunds.push_back(known ? take(wanted.value_or(left)) : wanted);
  }
  if (cancelling) settlement.cancellation = take(left);
  settlement.nothing_left = left == Micros(0);
  return settlement;
}

std::vector<Fact> facts_of(const OrderState& order) {
  std::vector<Fact> facts;
  if (order.completed) add_order(facts, order);
  if (order.refunds.empty() && !order.cancelled) return facts;
  const Settlement settlement = settle(order);
  for (std::size_t i = 0; i < order.refunds.size(); ++i) {
    add_refund(facts, order, order.refunds[i], settlement.refunds[i]);
  }
  if (settlement.cancellation) add_cancellation(facts, order, *settlement.cancellation);
  return facts;
}

void restate(const std::vector<Fact>& before, const std::vector<Fact>& after,
             metrics::FactSink& facts) {
  const std::size_t both = std::min(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (i < both && equal(before[i], after[i])) continue;
    Fact old = before[i];
    old.weight = -1;
    facts.add(old);
  }
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (i < both && equal(before[i], after[i])) continue;
    facts.add(after[i]);
  }
}

}  // namespace bytebasket::processors
