// The carts of one visitor: what was collected between two orders, or under one cart id.
//
// A visitor's carts without an id are the intervals of event time between that visitor's orders:
// what happens at t belongs to the cart that the first order at or after t closes, or to the open
// cart. So late events and late orders find their cart in whatever order they come. A cart with an
// id is its own, closed by an order that names it; an order that names none (Segment's "Order
// Completed" has no cart id) closes the cart that the visitor put something in last before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "events/event.hpp"
#include "processors/cart.hpp"

namespace bytebasket::processors {

/// All carts of one visitor. Bounded: at most max_actions actions are kept one by one, then the
/// oldest are folded into their neighbour; at most max_orders orders, then the oldest carts are
/// sealed (they stay counted as they are, and what comes later for their time is not added to
/// them).
class VisitorCarts {
 public:
  static constexpr std::size_t max_actions = 256;
  static constexpr std::size_t max_orders = 32;
  static constexpr std::size_t max_origins = 16;
  static constexpr std::size_t max_named =
      32;  ///< carts with an id; beyond it the one longest without activity is sealed

  /// True where the event says something about a cart.
  static bool concerns(const events::Event& event);

  /// Takes an event that concerns a cart (an Order Marked closes one).
  void apply(const events::Event& event, Timestamp append_time);

  /// Every cart that has at least one add, as it stands now; carts sealed since the last
  /// forget_sealed() too.
  [[nodiscard]] std::vector<CartSummary> summaries() const;
  /// The summaries of sealed carts have been stated: they are final.
  void forget_sealed() { sealed_.clear(); }

  [[nodiscard]] bool empty() const { return carts_.empty() && orders_.empty(); }
  void encode(ByteWriter& out) const;
  static VisitorCarts decode(ByteReader& in);
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Order {
    Timestamp time;
    std::uint64_t order = 0;  ///< hash64 of the order id
    Timestamp appended;
    bool names_cart = false;
  };
  struct Cart {
    std::string id;                   ///< empty: the carts that orders delimit
    std::vector<CartAction> actions;  ///< sorted by time
    std::optional<Timestamp>
        closed;  ///< of carts with an id: append time of the order that names it
  };

  std::uint8_t origin_of(const events::Event& event);
  Cart& cart_of(std::string_view id);
  void add_action(const events::Event& event, Timestamp append_time);
  void add_order(const events::Event& marker, Timestamp append_time);
  void seal_oldest();
  /// The cart that something was put in last at or before `time`; null where there is none.
  [[nodiscard]] const Cart* last_added_to(Timestamp time) const;
  /// When `cart`, one with an id, was closed, by an order that names it or by one that names none.
  [[nodiscard]] std::optional<Timestamp> closing(const Cart& cart) const;
  void summarize_intervals(const Cart& cart, std::vector<CartSummary>& out) const;
  [[nodiscard]] CartSummary summarize(std::string name, std::span<const CartAction> actions,
                                      std::optional<Timestamp> closed) const;

  std::vector<CartOrigin> origins_;
  std::vector<Cart> carts_;
  std::vector<Order> orders_;        ///< sorted by time
  Timestamp sealed_until_;           ///< carts up to here no longer change
  std::vector<CartSummary> sealed_;  ///< not stored
};

}  // namespace bytebasket::processors
