#include "producers/shop/purchase.hpp"

#include <span>

namespace bytebasket::producers::shop {

namespace {

std::size_t index_of(Money money) { return static_cast<std::size_t>(money); }

void add_text(std::string& json, std::string_view key, std::string_view value) {
  json += ",\"";
  json += key;
  json += "\":\"";
  json += value;
  json += '"';
}

void add_cents(std::string& json, std::string_view key, std::int64_t cents) {
  json += ",\"";
  json += key;
  json += "\":";
  append_cents(json, cents);
}

void add_currency(std::string& json, Money money) { add_text(json, "currency", code_of(money)); }

void append_line(std::string& json, const BasketLine& line, Money money) {
  json += line.product->json[index_of(money)];
  json += ",\"quantity\":";
  json += std::to_string(line.quantity);
}

void add_products(std::string& json, std::span<const BasketLine> lines, Money money) {
  json += ",\"products\":[";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    json += i == 0 ? "{" : ",{";
    append_line(json, lines[i], money);
    json += '}';
  }
  json += ']';
}

std::int64_t cents_of(std::span<const BasketLine> lines, Money money) {
  std::int64_t sum = 0;
  for (const BasketLine& line : lines) sum += line.product->cents[index_of(money)] * line.quantity;
  return sum;
}

/// Opens an event of the orders system about one order.
std::string& about_order(Actor& actor, std::string_view event, std::string_view order_id) {
  std::string& json = actor.track(event, Sender::orders);
  json += R"("order_id":")";
  json += order_id;
  json += '"';
  return json;
}

void add_sums(std::string& json, const Order& order, Money money) {
  add_cents(json, "subtotal", order.subtotal);
  add_cents(json, "discount", order.discount);
  add_cents(json, "shipping", order.shipping);
  add_cents(json, "tax", order.tax);
  add_cents(json, "revenue", order.revenue());
  add_cents(json, "total", order.total());
  add_currency(json, money);
  if (!order.coupon.empty()) add_text(json, "coupon", order.coupon);
}

void add_buyer(std::string& json, const Visitor& who) {
  add_text(json, "card_fingerprint", who.card);
  add_text(json, "card_country", who.home->code);
  add_text(json, "email", who.email);
  add_text(json, "shipping_address", who.address);
}

}  // namespace

std::int64_t Basket::cents(Money money) const { return cents_of(lines, money); }

void add_to_basket(Actor& actor, Basket& basket, const Product& product, std::int64_t quantity) {
  if (basket.lines.empty()) basket.cart_id = actor.unique_id("cart-");
  basket.lines.push_back({&product, quantity});
  const Money money = actor.who().money;
  std::string& json = actor.track("Product Added", Sender::cart);
  append_line(json, basket.lines.back(), money);
  add_text(json, "cart_id", basket.cart_id);
  add_cents(json, "value", basket.cents(money));
  add_currency(json, money);
  actor.done();
}

void remove_from_basket(Actor& actor, Basket& basket) {
  const BasketLine line = basket.lines.back();
  basket.lines.pop_back();
  const Money money = actor.who().money;
  std::string& json = actor.track("Product Removed", Sender::cart);
  append_line(json, line, money);
  add_text(json, "cart_id", basket.cart_id);
  add_cents(json, "value", basket.cents(money));
  add_currency(json, money);
  actor.done();
}

void view_basket(Actor& actor, const Basket& basket) {
  const Money money = actor.who().money;
  std::string& json = actor.track("Cart Viewed", Sender::cart);
  json += R"("cart_id":")" + basket.cart_id + '"';
  add_cents(json, "value", basket.cents(money));
  add_currency(json, money);
  add_products(json, basket.lines, money);
  actor.done();
}

Order make_order(Actor& actor, const Basket& basket, std::string_view coupon) {
  constexpr std::int64_t free_shipping_from = 4900;
  Order order;
  order.id = actor.unique_id("order-");
  order.lines = basket.lines;
  order.subtotal = basket.cents(actor.who().money);
  order.coupon = coupon;
  if (!coupon.empty()) order.discount = order.subtotal / 10;
  order.shipping = order.subtotal >= free_shipping_from ? 0 : 490;
  order.tax = order.revenue() * 19 / 100;
  return order;
}

void attempt_payment(Actor& actor, std::string_view order_id, std::int64_t cents,
                     std::string_view status) {
  std::string& json = about_order(actor, "Payment Attempted", order_id);
  add_text(json, "status", status);
  add_text(json, "payment_method", "card");
  add_cents(json, "value", cents);
  add_currency(json, actor.who().money);
  add_buyer(json, actor.who());
  actor.done();
}

void complete_order(Actor& actor, const Order& order) {
  std::string& json = about_order(actor, "Order Completed", order.id);
  if (!order.checkout_id.empty()) add_text(json, "checkout_id", order.checkout_id);
  add_sums(json, order, actor.who().money);
  add_buyer(json, actor.who());
  add_products(json, order.lines, actor.who().money);
  actor.done();
}

void update_order(Actor& actor, const Order& order, std::string_view status) {
  std::string& json = about_order(actor, "Order Updated", order.id);
  add_text(json, "status", status);
  add_sums(json, order, actor.who().money);
  add_products(json, order.lines, actor.who().money);
  actor.done();
}

void cancel_order(Actor& actor, const Order& order) {
  std::string& json = about_order(actor, "Order Cancelled", order.id);
  add_sums(json, order, actor.who().money);
  add_products(json, order.lines, actor.who().money);
  actor.done();
}

void refund_order(Actor& actor, const Order& order, bool whole) {
  const Money money = actor.who().money;
  const std::span<const BasketLine> lines =
      std::span(order.lines).first(whole ? order.lines.size() : 1);
  // What was paid for the lines: their prices less their part of the discount.
  const std::int64_t revenue =
      whole ? order.revenue()
            : cents_of(lines, money) - (order.discount != 0 ? cents_of(lines, money) / 10 : 0);
  std::string& json = about_order(actor, "Order Refunded", order.id);
  add_cents(json, "revenue", revenue);
  add_cents(json, "total", revenue + (whole ? order.shipping + order.tax : revenue * 19 / 100));
  add_currency(json, money);
  add_products(json, lines, money);
  actor.done();
}

void label_order(Actor& actor, const Order& order, std::string_view label) {
  std::string& json = about_order(actor, "Fraud Labelled", order.id);
  add_text(json, "label", label);
  actor.done();
}

}  // namespace bytebasket::producers::shop
