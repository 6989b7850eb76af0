#include "processors/session.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>

#include "base/hash.hpp"

namespace bytebasket::processors {
namespace {

using events::Event;
using events::EventKind;
using metrics::Dimension;
using metrics::Fact;
using metrics::FactKind;
using metrics::Field;

/// nullopt: more than an amount can say.
std::optional<events::Micros> worth_of_lines(const Event& event) {
  std::optional sum = events::Micros(0);
  for (const events::Line& line : event.lines) {
    if (!line.price || !sum) continue;
    if (const auto worth = events::multiply(*line.price, line.quantity))
      sum = events::add(*sum, *worth);
  }
  return sum;
}

void add_cart_event(Session& session, const Event& event) {
  // Trackers that know the cart send its value with each change of it.
  if (event.value && event.value->value() == 0) session.carts_emptied.add(event.time);
  if (event.kind == EventKind::product_removed) {
    session.removes.add(event.time);
    return;
  }
  session.adds.add(event.time);
  if (event.value && event.value == worth_of_lines(event)) session.carts_created.add(event.time);
}

void add_checkout_event(Session& session, const Event& event) {
  session.checkouts.add(event.time);
  if (event.kind == EventKind::checkout_step_viewed) session.step_views.add(event.time);
  if (event.kind == EventKind::checkout_started || event.step == 1)
    session.checkout_starts.add(event.time);
  if (event.step > 0) session.steps |= std::uint64_t{1} << std::min<std::int64_t>(event.step, 63);
}

SessionOrder order_of(const Event& marker) {
  SessionOrder order;
  order.order = hash64(marker.order_id);
  order.time = marker.time;
  order.currency = marker.currency;
  if (const auto revenue = events::revenue_of(marker)) order.revenue = revenue->value();
  order.quantity = marker.total_quantity;
  order.products = marker.line_count;
  return order;
}

/// Of the markers of one order id the first in this order holds.
auto precedence(const SessionOrder& order) {
  return std::tuple(order.time, order.revenue, order.quantity, order.products, order.currency);
}

void merge_orders(std::vector<SessionOrder>& orders, const std::vector<SessionOrder>& others) {
  for (const SessionOrder& other : others) {
    const auto where = std::lower_bound(
        orders.begin(), orders.end(), other.order,
        [](const SessionOrder& order, std::uint64_t id) { return order.order < id; });
    if (where == orders.end() || where->order != other.order) {
      orders.insert(where, other);
    } else if (precedence(other) < precedence(*where)) {
      *where = other;
    }
  }
}

void merge_carts(std::vector<std::uint64_t>& carts, const std::vector<std::uint64_t>& others) {
  if (others.empty()) return;
  std::vector<std::uint64_t> merged;
  std::set_union(carts.begin(), carts.end(), others.begin(), others.end(),
                 std::back_inserter(merged));
  // The smallest hashes stay: which ones are kept does not depend on the order of arrival.
  if (merged.size() > Session::max_carts) merged.resize(Session::max_carts);
  carts = std::move(merged);
}

Entry entry_of(const Event& event) {
  return {event.time,
          std::string(event.message_id),
          event.source,
          schema::group_of(event.kind),
          std::string(event.country),
          std::string(event.device),
          std::string(event.campaign),
          std::string(event.app)};
}

/// Counts what the event says happened.
void count(Session& session, const Event& event) {
  if (!event.cart_id.empty()) merge_carts(session.carts, {hash64(event.cart_id)});
  if (event.kind == EventKind::order_marked) {
    merge_orders(session.orders, {order_of(event)});
    return;
  }
  ++session.events;
  switch (event.kind) {
    case EventKind::product_viewed:
      session.product_views.add(event.time);
      break;
    case EventKind::product_list_viewed:
      session.list_views.add(event.time);
      break;
    case EventKind::product_added:
    case EventKind::wishlist_product_added_to_cart:
    case EventKind::product_removed:
      add_cart_event(session, event);
      break;
    case EventKind::checkout_started:
    case EventKind::checkout_step_viewed:
    case EventKind::checkout_step_completed:
    case EventKind::payment_info_entered:
      add_checkout_event(session, event);
      break;
    default:
      break;
  }
}

}  // namespace

void Occurrences::add(Timestamp time) { merge({1, time, time}); }

void Occurrences::merge(const Occurrences& other) {
  if (other.count == 0) return;
  first = count == 0 ? other.first : std::min(first, other.first);
  last = count == 0 ? other.last : std::max(last, other.last);
  count += other.count;
}

bool Entry::is_before(const Entry& other) const {
  return std::tie(time, message_id) < std::tie(other.time, other.message_id);
}

Session Session::of(const Event& event, Timestamp received_at, Timestamp append_time) {
  Session session;
  session.id = event.session_id;
  session.start = session.end = event.time;
  session.received_first = session.received_last = received_at;
  session.stated_at = append_time;
  session.entry = entry_of(event);
  count(session, event);
  return session;
}

void Session::add(const Event& event, Timestamp received_at, Timestamp append_time) {
  start = std::min(start, event.time);
  end = std::max(end, event.time);
  received_first = std::min(received_first, received_at);
  received_last = std::max(received_last, received_at);
  stated_at = std::max(stated_at, append_time);
  if (std::tie(event.time, event.message_id) <
      std::tuple(entry.time, std::string_view(entry.message_id)))
    entry = entry_of(event);
  count(*this, event);
}

void Session::merge(const Session& other) {
  start = std::min(start, other.start);
  end = std::max(end, other.end);
  received_first = std::min(received_first, other.received_first);
  received_last = std::max(received_last, other.received_last);
  if (other.entry.is_before(entry)) entry = other.entry;
  events += other.events;
  product_views.merge(other.product_views);
  list_views.merge(other.list_views);
  adds.merge(other.adds);
  removes.merge(other.removes);
  carts_created.merge(other.carts_created);
  carts_emptied.merge(other.carts_emptied);
  checkouts.merge(other.checkouts);
  checkout_starts.merge(other.checkout_starts);
  step_views.merge(other.step_views);
  steps |= other.steps;
  merge_carts(carts, other.carts);
  merge_orders(orders, other.orders);
  stated_at = std::max(stated_at, other.stated_at);
}

void Session::state(std::string_view visitor, std::int8_t weight, metrics::FactSink& facts) const {
  Fact fact;
  fact.kind = FactKind::session;
  fact.weight = weight;
  fact.time = start;
  fact.append_time = stated_at;
  fact.visitor = visitor;
  fact.session = id;
  fact.set(Dimension::source, to_string(entry.source));
  fact.set(Dimension::country, entry.country);
  fact.set(Dimension::device, entry.device);
  fact.set(Dimension::campaign, entry.campaign);
  fact.set(Field::duration_ms, (end - start).count());
  fact.set(Field::events, events);
  fact.set(Field::product_views, product_views.count);
  fact.set(Field::adds, adds.count);
  fact.set(Field::removes, removes.count);
  fact.set(Field::checkouts, checkouts.count);
  fact.set(Field::orders, static_cast<std::int64_t>(orders.size()));
  fact.set(Field::converted, orders.empty() ? 0 : 1);
  facts.add(fact);
}

std::size_t Session::bytes() const {
  return sizeof(Session) + id.capacity() + entry.message_id.capacity() + entry.campaign.capacity() +
         carts.capacity() * sizeof(std::uint64_t) + orders.capacity() * sizeof(SessionOrder);
}

}  // namespace bytebasket::processors
