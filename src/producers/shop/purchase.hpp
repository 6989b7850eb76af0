// The cart, the order and what becomes of it: shared by honest visits and by fraud.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "producers/shop/actor.hpp"
#include "producers/shop/catalogue.hpp"

namespace bytebasket::producers::shop {

struct BasketLine {
  const Product* product = nullptr;
  std::int64_t quantity = 1;
};

/// What a visitor has gathered so far.
struct Basket {
  std::string cart_id;
  std::vector<BasketLine> lines;

  [[nodiscard]] std::int64_t cents(Money money) const;
};

void add_to_basket(Actor& actor, Basket& basket, const Product& product, std::int64_t quantity);
/// Takes the last line out again.
void remove_from_basket(Actor& actor, Basket& basket);
void view_basket(Actor& actor, const Basket& basket);

/// An order with its sums, all in cents.
struct Order {
  std::string id;
  std::string checkout_id;
  std::vector<BasketLine> lines;
  std::int64_t subtotal = 0;
  std::int64_t discount = 0;
  std::int64_t shipping = 0;
  std::int64_t tax = 0;
  std::string_view coupon;

  [[nodiscard]] std::int64_t revenue() const { return subtotal - discount; }
  [[nodiscard]] std::int64_t total() const { return revenue() + shipping + tax; }
};

Order make_order(Actor& actor, const Basket& basket, std::string_view coupon);

/// `status` is `approved` or `declined`.
void attempt_payment(Actor& actor, std::string_view order_id, std::int64_t cents,
                     std::string_view status);
void complete_order(Actor& actor, const Order& order);
void update_order(Actor& actor, const Order& order, std::string_view status);
void cancel_order(Actor& actor, const Order& order);
/// The whole order, or its first line only.
void refund_order(Actor& actor, const Order& order, bool whole);
/// `label` is `fraud`, `charged_back` or `legitimate`.
void label_order(Actor& actor, const Order& order, std::string_view label);

}  // namespace bytebasket::producers::shop
