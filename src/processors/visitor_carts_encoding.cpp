// A visitor's carts as they are stored.
#include <utility>

#include "processors/stored_time.hpp"
#include "processors/visitor_carts.hpp"

namespace bytebasket::processors {

void VisitorCarts::encode(ByteWriter& out) const {
  out.put_varint(origins_.size());
  for (const CartOrigin& origin : origins_) {
    out.put_u8(static_cast<std::uint8_t>(origin.source));
    out.put_string(origin.country);
    out.put_string(origin.device);
    out.put_string(origin.campaign);
  }
  out.put_varint(carts_.size());
  for (const Cart& cart : carts_) {
    out.put_string(cart.id);
    out.put_u8(cart.closed ? 1 : 0);
    if (cart.closed) put_time(out, *cart.closed);
    out.put_varint(cart.actions.size());
    for (const CartAction& action : cart.actions) {
      put_time(out, action.time);
      out.put_u8(action.origin);
      out.put_signed(action.adds);
      out.put_signed(action.pieces);
      out.put_signed(action.worth);
      out.put_u32(action.currency.bits());
      put_time(out, action.appended);
    }
  }
  out.put_varint(orders_.size());
  for (const Order& order : orders_) {
    put_time(out, order.time);
    out.put_u64(order.order);
    put_time(out, order.appended);
    out.put_u8(order.names_cart ? 1 : 0);
  }
  put_time(out, sealed_until_);
}

VisitorCarts VisitorCarts::decode(ByteReader& in) {
  VisitorCarts carts;
  for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left) {
    CartOrigin origin;
    origin.source = static_cast<events::Source>(in.take_u8());
    origin.country = in.take_string();
    origin.device = in.take_string();
    origin.campaign = in.take_string();
    carts.origins_.push_back(std::move(origin));
  }
  for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left) {
    Cart cart;
    cart.id = in.take_string();
    if (in.take_u8() != 0) cart.closed = take_time(in);
    for (std::uint64_t actions = in.take_varint(); actions > 0 && in.ok(); --actions) {
      CartAction action;
      action.time = take_time(in);
      action.origin = in.take_u8();
      // An origin that is not there: reading past the end makes the reader fail.
      if (action.origin >= carts.origins_.size()) in.take_raw(in.remaining() + 1);
      action.adds = in.take_signed();
      action.pieces = in.take_signed();
      action.worth = in.take_signed();
      action.currency = events::Currency::from_bits(in.take_u32());
      action.appended = take_time(in);
      cart.actions.push_back(action);
    }
    carts.carts_.push_back(std::move(cart));
  }
  for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left) {
    Order order;
    order.time = take_time(in);
    order.order = in.take_u64();
    order.appended = take_time(in);
    order.names_cart = in.take_u8() != 0;
    carts.orders_.push_back(order);
  }
  carts.sealed_until_ = take_time(in);
  return carts;
}

}  // namespace bytebasket::processors
