// The look-up of the keys that mean something to us: their spellings, and the tables made of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "events/key_table.hpp"
#include "events/keys.hpp"

namespace bytebasket::events::vocabulary {

template <typename Key>
struct NamedKey {
  std::string_view name;
  Key key;
};

inline constexpr auto top_spellings = std::to_array<NamedKey<TopKey>>({
    {"type", TopKey::type},
    {"event", TopKey::event},
    {"name", TopKey::name},
    {"messageId", TopKey::message_id},
    {"timestamp", TopKey::timestamp},
    {"originalTimestamp", TopKey::original_timestamp},
    {"sentAt", TopKey::sent_at},
    {"receivedAt", TopKey::received_at},
    {"anonymousId", TopKey::anonymous_id},
    {"userId", TopKey::user_id},
    {"source", TopKey::source},
    {"sessionId", TopKey::session_id},
    {"country", TopKey::country},
    {"device", TopKey::device},
    {"campaign", TopKey::campaign},
    {"properties", TopKey::properties},
    {"traits", TopKey::traits},
    {"context", TopKey::context},
    {"writeKey", TopKey::write_key},
    {"batch", TopKey::batch},
});

inline constexpr auto property_spellings = std::to_array<NamedKey<PropertyKey>>({
    {"order_id", PropertyKey::order_id},
    {"orderId", PropertyKey::order_id},
    {"cart_id", PropertyKey::cart_id},
    {"cartId", PropertyKey::cart_id},
    {"checkout_id", PropertyKey::checkout_id},
    {"checkoutId", PropertyKey::checkout_id},
    {"query", PropertyKey::query},
    {"currency", PropertyKey::currency},
    {"revenue", PropertyKey::revenue},
    {"total", PropertyKey::total},
    {"subtotal", PropertyKey::subtotal},
    {"shipping", PropertyKey::shipping},
    {"tax", PropertyKey::tax},
    {"discount", PropertyKey::discount},
    {"value", PropertyKey::value},
    {"price", PropertyKey::price},
    {"quantity", PropertyKey::quantity},
    {"products", PropertyKey::products},
    {"product_id", PropertyKey::product_id},
    {"productId", PropertyKey::product_id},
    {"sku", PropertyKey::sku},
    {"name", PropertyKey::name},
    {"category", PropertyKey::category},
    {"brand", PropertyKey::brand},
    {"coupon", PropertyKey::coupon},
    {"status", PropertyKey::status},
    {"label", PropertyKey::label},
    {"card_fingerprint", PropertyKey::card_fingerprint},
    {"payment", PropertyKey::payment},
    {"session_id", PropertyKey::session_id},
    {"step", PropertyKey::step},
    {"email", PropertyKey::email},
    {"country", PropertyKey::country},
    {"total_quantity", PropertyKey::total_quantity},
    {"line_count", PropertyKey::line_count},
    {"id", PropertyKey::id},
});

inline constexpr std::array<std::string_view, property_key_count> property_names = {
    "",
    "order_id",
    "cart_id",
    "checkout_id",
    "query",
    "currency",
    "revenue",
    "total",
    "subtotal",
    "shipping",
    "tax",
    "discount",
    "value",
    "price",
    "quantity",
    "products",
    "product_id",
    "sku",
    "name",
    "category",
    "brand",
    "coupon",
    "status",
    "label",
    "card_fingerprint",
    "payment",
    "session_id",
    "step",
    "email",
    "country",
    "total_quantity",
    "line_count",
    "id",
};

inline constexpr auto context_spellings = std::to_array<NamedKey<ContextKey>>({
    {"ip", ContextKey::ip},
    {"locale", ContextKey::locale},
    {"userAgent", ContextKey::user_agent},
    {"device", ContextKey::device},
    {"campaign", ContextKey::campaign},
    {"location", ContextKey::location},
    {"country", ContextKey::country},
    {"sessionId", ContextKey::session_id},
    {"session", ContextKey::session},
    {"source", ContextKey::source},
    {"library", ContextKey::library},
    {"traits", ContextKey::traits},
    {"app", ContextKey::app},
});

/// Keys whose values name events, orders, carts or products: is_code_key() in one look-up.
inline constexpr auto code_spellings = std::to_array<std::string_view>(
    {"messageId", "order_id", "orderId", "cart_id", "cartId", "checkout_id", "checkoutId",
     "product_id", "productId", "sku"});

/// All of these names, each once, behind the empty one.
struct AllNames {
  std::array<std::string_view, 128> names{};
  std::size_t count = 1;

  constexpr void add(std::string_view name) {
    if (std::find(names.begin(), names.begin() + count, name) == names.begin() + count)
      names[count++] = name;
  }
};

inline constexpr AllNames all_names = [] {
  AllNames all;
  for (const auto& spelling : top_spellings) all.add(spelling.name);
  for (const auto& spelling : property_spellings) all.add(spelling.name);
  for (const auto& spelling : context_spellings) all.add(spelling.name);
  return all;
}();

inline constexpr KeyTable<all_names.count> table([] {
  std::array<std::string_view, all_names.count> names;
  std::copy_n(all_names.names.begin(), names.size(), names.begin());
  return names;
}());

template <typename Key, std::size_t N>
constexpr Key key_named(const std::array<NamedKey<Key>, N>& spellings, std::string_view name) {
  const auto found = std::find_if(spellings.begin(), spellings.end(),
                                  [&](const NamedKey<Key>& known) { return known.name == name; });
  return found == spellings.end() ? Key{} : found->key;
}

inline constexpr auto meanings = [] {
  std::array<KeyMeaning, all_names.count> all{};
  for (std::size_t i = 1; i < all.size(); ++i) {
    const std::string_view name = all_names.names[i];
    const PropertyKey property = key_named(property_spellings, name);
    all[i] = {.top = key_named(top_spellings, name),
              .property = property,
              .context = key_named(context_spellings, name),
              .form = form_of(property),
              .is_code = std::find(code_spellings.begin(), code_spellings.end(), name) !=
                         code_spellings.end(),
              .is_alias = property != PropertyKey::other &&
                          (property == PropertyKey::id ||
                           name != property_names[static_cast<std::size_t>(property)])};
  }
  return all;
}();

}  // namespace bytebasket::events::vocabulary

namespace bytebasket::events {

/// What `name` is. `key_reach` readable bytes follow it, here and below.
inline KnownKey known_key(std::string_view name) {
  static_assert(decltype(vocabulary::table)::reach == key_reach);
  return KnownKey{vocabulary::table.find(name)};
}
inline const KeyMeaning& meaning_of(KnownKey key) {
  return vocabulary::meanings[static_cast<std::size_t>(key)];
}
inline TopKey top_key(std::string_view name) { return meaning_of(known_key(name)).top; }
inline PropertyKey property_key(std::string_view name) {
  return meaning_of(known_key(name)).property;
}
inline ContextKey context_key(std::string_view name) { return meaning_of(known_key(name)).context; }

}  // namespace bytebasket::events
