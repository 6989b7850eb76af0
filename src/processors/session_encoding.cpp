// A session as it is stored.
#include "processors/session.hpp"
#include "processors/stored_time.hpp"

namespace bytebasket::processors {
namespace {

void encode_occurrences(ByteWriter& out, const Occurrences& occurrences) {
  out.put_signed(occurrences.count);
  if (occurrences.count == 0) return;
  put_time(out, occurrences.first);
  put_time(out, occurrences.last);
}

Occurrences decode_occurrences(ByteReader& in) {
  Occurrences occurrences;
  occurrences.count = in.take_signed();
  if (occurrences.count == 0) return occurrences;
  occurrences.first = take_time(in);
  occurrences.last = take_time(in);
  return occurrences;
}

}  // namespace

void Session::encode(ByteWriter& out) const {
  out.put_string(id);
  put_time(out, start);
  put_time(out, end);
  put_time(out, received_first);
  put_time(out, received_last);
  put_time(out, entry.time);
  out.put_string(entry.message_id);
  out.put_u8(static_cast<std::uint8_t>(entry.source));
  out.put_u8(static_cast<std::uint8_t>(entry.group));
  out.put_string(entry.country);
  out.put_string(entry.device);
  out.put_string(entry.campaign);
  out.put_string(entry.app);
  out.put_signed(events);
  for (const Occurrences* part : {&product_views, &list_views, &adds, &removes, &carts_created,
                                  &carts_emptied, &checkouts, &checkout_starts, &step_views}) {
    encode_occurrences(out, *part);
  }
  out.put_varint(steps);
  out.put_varint(carts.size());
  for (const std::uint64_t cart : carts) out.put_u64(cart);
  out.put_varint(orders.size());
  for (const SessionOrder& order : orders) {
    out.put_u64(order.order);
    put_time(out, order.time);
    out.put_u32(order.currency.bits());
    out.put_signed(order.revenue);
    out.put_signed(order.quantity);
    out.put_signed(order.products);
  }
  put_time(out, stated_at);
}

Session Session::decode(ByteReader& in) {
  Session session;
  session.id = in.take_string();
  session.start = take_time(in);
  session.end = take_time(in);
  session.received_first = take_time(in);
  session.received_last = take_time(in);
  session.entry.time = take_time(in);
  session.entry.message_id = in.take_string();
  session.entry.source = static_cast<events::Source>(in.take_u8());
  session.entry.group = static_cast<events::EventGroup>(in.take_u8());
  session.entry.country = in.take_string();
  session.entry.device = in.take_string();
  session.entry.campaign = in.take_string();
  session.entry.app = in.take_string();
  session.events = in.take_signed();
  for (Occurrences* part : {&session.product_views, &session.list_views, &session.adds,
                            &session.removes, &session.carts_created, &session.carts_emptied,
                            &session.checkouts, &session.checkout_starts, &session.step_views}) {
    *part = decode_occurrences(in);
  }
  session.steps = in.take_varint();
  for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left)
    session.carts.push_back(in.take_u64());
  for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left) {
    SessionOrder order;
    order.order = in.take_u64();
    order.time = take_time(in);
    order.currency = events::Currency::from_bits(in.take_u32());
    order.revenue = in.take_signed();
    order.quantity = in.take_signed();
    order.products = in.take_signed();
    session.orders.push_back(order);
  }
  session.stated_at = take_time(in);
  return session;
}

}  // namespace bytebasket::processors
