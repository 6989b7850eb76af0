// The JSON keys that mean something to us, by the object they stand in.
#pragma once

#include <cstdint>
#include <string_view>

namespace bytebasket::events {

/// Keys of the event itself.
enum class TopKey : std::uint8_t {
  other,
  type,
  event,
  name,
  message_id,
  timestamp,
  original_timestamp,
  sent_at,
  received_at,
  anonymous_id,
  user_id,
  source,
  session_id,
  country,
  device,
  campaign,
  properties,
  traits,
  context,
  write_key,
  batch,
};
inline constexpr std::size_t top_key_count = 21;
TopKey top_key(std::string_view name);

/// Keys of `properties`, and of a line in its `products`.
enum class PropertyKey : std::uint8_t {
  other,
  order_id,
  cart_id,
  checkout_id,
  query,
  currency,
  revenue,
  total,
  subtotal,
  shipping,
  tax,
  discount,
  value,
  price,
  quantity,
  products,
  product_id,
  sku,
  name,
  category,
  brand,
  coupon,
  status,
  label,
  card_fingerprint,
  payment,
  session_id,
  step,
  email,
  country,
  total_quantity,
  line_count,
  id,
};
inline constexpr std::size_t property_key_count = 33;
/// Also the camel-case spellings of the V1 specification (`orderId`).
PropertyKey property_key(std::string_view name);
/// The name that the canonical event uses.
std::string_view name_of(PropertyKey key);
/// True where `name`, which means `key`, is the name that the canonical event uses. No other
/// spelling has its length.
inline bool is_canonical(PropertyKey key, std::string_view name) {
  return name.size() == name_of(key).size();
}
/// True for amounts of money.
constexpr bool is_money(PropertyKey key) {
  return key >= PropertyKey::revenue && key <= PropertyKey::price;
}

/// Keys of `context`.
enum class ContextKey : std::uint8_t {
  other,
  ip,
  locale,
  user_agent,
  device,
  campaign,
  location,
  country,
  session_id,
  session,
  source,
  library,
  traits,
  app,
};
inline constexpr std::size_t context_key_count = 14;
ContextKey context_key(std::string_view name);

}  // namespace bytebasket::events
