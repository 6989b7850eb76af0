#include "processors/visitor_carts.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "base/hash.hpp"

namespace bytebasket::processors {
namespace {

using events::Event;
using events::EventKind;

bool is_add(EventKind kind) {
  return kind == EventKind::product_added || kind == EventKind::wishlist_product_added_to_cart;
}

/// Sums of money that pass all bounds stay at them: what is absurd does not become something else.
void add_worth(std::int64_t& sum, std::int64_t worth) {
  if (__builtin_add_overflow(sum, worth, &sum)) sum = worth < 0 ? INT64_MIN : INT64_MAX;
}

/// Adds the newer action into the older one's place, as one action at the newer time.
void fold(CartAction& older, const CartAction& newer) {
  older.time = newer.time;
  older.adds += newer.adds;
  older.pieces += newer.pieces;
  if (newer.currency == older.currency || newer.currency.empty())
    add_worth(older.worth, newer.worth);
  older.appended = std::max(older.appended, newer.appended);
}

}  // namespace

bool VisitorCarts::concerns(const Event& event) {
  if (event.kind == EventKind::order_marked) return true;
  const auto group = schema::group_of(event.kind);
  return group == events::EventGroup::cart || group == events::EventGroup::checkout;
}

void VisitorCarts::apply(const Event& event, Timestamp append_time) {
  if (event.kind == EventKind::order_marked) {
    add_order(event, append_time);
  } else {
    add_action(event, append_time);
  }
}

std::uint8_t VisitorCarts::origin_of(const Event& event) {
  const auto same = [&](const CartOrigin& origin) {
    return origin.source == event.source && origin.country == event.country &&
           origin.device == event.device && origin.campaign == event.campaign;
  };
  const auto found = std::find_if(origins_.begin(), origins_.end(), same);
  if (found != origins_.end()) return static_cast<std::uint8_t>(found - origins_.begin());
  if (origins_.size() >= max_origins) return static_cast<std::uint8_t>(max_origins - 1);
  origins_.push_back({event.source, std::string(event.country), std::string(event.device),
                      std::string(event.campaign)});
  return static_cast<std::uint8_t>(origins_.size() - 1);
}

VisitorCarts::Cart& VisitorCarts::cart_of(std::string_view id) {
  const auto found =
      std::find_if(carts_.begin(), carts_.end(), [id](const Cart& cart) { return cart.id == id; });
  if (found != carts_.end()) return *found;
  if (carts_.size() > max_named) {
    const auto last_activity = [](const Cart& cart) {
      return cart.actions.empty() ? Timestamp{} : cart.actions.back().time;
    };
    const auto oldest =
        std::min_element(carts_.begin(), carts_.end(), [&](const Cart& a, const Cart& b) {
          // The carts without an id are sealed by their orders, never here.
          if (a.id.empty() != b.id.empty()) return b.id.empty();
          return last_activity(a) < last_activity(b);
        });
    CartSummary summary = summarize(oldest->id, oldest->actions, closing(*oldest));
    if (summary.adds > 0) sealed_.push_back(std::move(summary));
    carts_.erase(oldest);
  }
  carts_.push_back({std::string(id), {}, std::nullopt});
  return carts_.back();
}

void VisitorCarts::add_action(const Event& event, Timestamp append_time) {
  if (event.cart_id.empty() && !orders_.empty() && event.time <= sealed_until_) return;
  CartAction action;
  action.time = event.time;
  action.origin = origin_of(event);
  action.appended = append_time;
  action.currency = event.currency;
  const std::int64_t sign = event.kind == EventKind::product_removed ? -1 : 1;
  if (is_add(event.kind) || sign < 0) {
    action.adds = sign > 0 ? 1 : 0;
    for (const events::Line& line : event.lines) {
      action.pieces += sign * line.quantity;
      if (!line.price) continue;
      if (const auto worth = events::multiply(*line.price, sign * line.quantity))
        add_worth(action.worth, worth->value());
    }
  }
  auto& actions = cart_of(event.cart_id).actions;
  const auto after =
      std::upper_bound(actions.begin(), actions.end(), action.time,
                       [](Timestamp time, const CartAction& other) { return time < other.time; });
  actions.insert(after, action);
  if (actions.size() > max_actions) {
    fold(actions[0], actions[1]);
    actions.erase(actions.begin() + 1);
  }
}

void VisitorCarts::add_order(const Event& marker, Timestamp append_time) {
  if (!marker.cart_id.empty()) {
    Cart& cart = cart_of(marker.cart_id);
    if (!cart.closed) cart.closed = append_time;
  }
  Order order{marker.time, hash64(marker.order_id), append_time, !marker.cart_id.empty()};
  const auto known = std::find_if(orders_.begin(), orders_.end(),
                                  [&](const Order& other) { return other.order == order.order; });
  if (known != orders_.end()) {
    // A repeated order closes where it was placed first, and names what any of its events names.
    order.names_cart |= known->names_cart;
    if (order.time >= known->time) {
      known->names_cart = order.names_cart;
      return;
    }
    orders_.erase(known);
  }
  const auto after =
      std::upper_bound(orders_.begin(), orders_.end(), order.time,
                       [](Timestamp time, const Order& other) { return time < other.time; });
  orders_.insert(after, order);
  if (orders_.size() > max_orders) seal_oldest();
}

const VisitorCarts::Cart* VisitorCarts::last_added_to(Timestamp time) const {
  const Cart* last = nullptr;
  Timestamp last_time;
  for (const Cart& cart : carts_) {
    const auto added = std::find_if(
        cart.actions.rbegin(), cart.actions.rend(),
        [time](const CartAction& action) { return action.time <= time && action.adds > 0; });
    if (added == cart.actions.rend()) continue;
    // Of two at the same moment it is the greater id, whichever came first.
    if (last != nullptr && std::tie(added->time, cart.id) < std::tie(last_time, last->id)) continue;
    last = &cart;
    last_time = added->time;
  }
  return last;
}

std::optional<Timestamp> VisitorCarts::closing(const Cart& cart) const {
  if (cart.closed) return cart.closed;
  for (const Order& order : orders_) {
    if (!order.names_cart && last_added_to(order.time) == &cart) return order.appended;
  }
  return std::nullopt;
}

void VisitorCarts::seal_oldest() {
  const Order oldest = orders_.front();
  if (!oldest.names_cart) {
    if (const Cart* cart = last_added_to(oldest.time);
        cart != nullptr && !cart->id.empty() && !cart->closed)
      carts_[static_cast<std::size_t>(cart - carts_.data())].closed = oldest.appended;
  }
  orders_.erase(orders_.begin());
  sealed_until_ = std::max(sealed_until_, oldest.time);
  for (Cart& cart : carts_) {
    if (!cart.id.empty()) continue;
    const auto end = std::upper_bound(
        cart.actions.begin(), cart.actions.end(), oldest.time,
        [](Timestamp time, const CartAction& action) { return time < action.time; });
    const std::span<const CartAction> actions(cart.actions.begin(), end);
    if (!actions.empty()) {
      CartSummary summary = summarize(std::to_string(to_ms(oldest.time)), actions, oldest.appended);
      if (summary.adds > 0) sealed_.push_back(std::move(summary));
    }
    cart.actions.erase(cart.actions.begin(), end);
  }
}

std::vector<CartSummary> VisitorCarts::summaries() const {
  std::vector<CartSummary> out = sealed_;
  for (const Cart& cart : carts_) {
    if (cart.actions.empty()) continue;
    if (cart.id.empty()) {
      summarize_intervals(cart, out);
    } else {
      out.push_back(summarize(cart.id, cart.actions, closing(cart)));
    }
  }
  std::erase_if(out, [](const CartSummary& summary) { return summary.adds == 0; });
  return out;
}

void VisitorCarts::summarize_intervals(const Cart& cart, std::vector<CartSummary>& out) const {
  auto begin = cart.actions.begin();
  for (const Order& order : orders_) {
    const auto end = std::upper_bound(
        begin, cart.actions.end(), order.time,
        [](Timestamp time, const CartAction& action) { return time < action.time; });
    if (begin != end)
      out.push_back(summarize(std::to_string(to_ms(order.time)), {begin, end}, order.appended));
    begin = end;
  }
  if (begin != cart.actions.end())
    out.push_back(summarize("open", {begin, cart.actions.end()}, std::nullopt));
}

CartSummary VisitorCarts::summarize(std::string name, std::span<const CartAction> actions,
                                    std::optional<Timestamp> closed) const {
  CartSummary summary;
  summary.name = std::move(name);
  summary.converted = closed.has_value();
  if (closed) summary.stated_at = *closed;
  if (actions.empty()) return summary;
  summary.last_activity = actions.back().time;
  summary.origin = origins_[actions.front().origin];
  for (const CartAction& action : actions) {
    summary.adds += action.adds;
    summary.pieces += action.pieces;
    if (summary.currency.empty()) summary.currency = action.currency;
    if (action.currency == summary.currency) add_worth(summary.worth, action.worth);
    summary.stated_at = std::max(summary.stated_at, action.appended);
  }
  return summary;
}

std::size_t VisitorCarts::bytes() const {
  std::size_t bytes = sizeof(VisitorCarts) + origins_.capacity() * sizeof(CartOrigin) +
                      orders_.capacity() * sizeof(Order);
  for (const Cart& cart : carts_)
    bytes += sizeof(Cart) + cart.id.capacity() + cart.actions.capacity() * sizeof(CartAction);
  return bytes;
}

}  // namespace bytebasket::processors
