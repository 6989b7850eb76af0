// The JSON keys that mean something to us, by the object they stand in.
#pragma once

#include <cstddef>
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

/// Keys of `properties`, and of a line in its `products`; also in the camel-case spellings of the
/// V1 specification (`orderId`).
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
/// The name that the canonical event uses.
std::string_view name_of(PropertyKey key);
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

/// A name that means something in any of these objects, by its number; 0 for all other names.
enum class KnownKey : std::uint8_t {};

/// How many readable bytes must follow a name that is looked up (known_keys.hpp).
inline constexpr std::size_t key_reach = 32;
/// Empty for 0 and beyond the last.
std::string_view name_of(KnownKey key);

/// What a property's value is, which says what becomes of it.
enum class PropertyForm : std::uint8_t { any, money, count, currency, products };
constexpr PropertyForm form_of(PropertyKey key) {
  if (is_money(key)) return PropertyForm::money;
  switch (key) {
    case PropertyKey::quantity:
    case PropertyKey::total_quantity:
    case PropertyKey::line_count:
      return PropertyForm::count;
    case PropertyKey::currency:
      return PropertyForm::currency;
    case PropertyKey::products:
      return PropertyForm::products;
    default:
      return PropertyForm::any;
  }
}

/// What a key means, by the object it stands in.
struct KeyMeaning {
  TopKey top = TopKey::other;
  PropertyKey property = PropertyKey::other;
  ContextKey context = ContextKey::other;
  PropertyForm form = PropertyForm::any;  ///< of the property
  bool is_code = false;                   ///< its value names a thing, as is_code_key() says
  bool is_alias = false;  ///< a canonical event may have another name for the property
};

}  // namespace bytebasket::events
