#include "events/keys.hpp"

#include <algorithm>

#include "events/key_table.hpp"

namespace bytebasket::events {
namespace {

constexpr KeyTable<TopKey, 64> top_keys(std::to_array<NamedKey<TopKey>>({
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
}));

constexpr auto property_spellings = std::to_array<NamedKey<PropertyKey>>({
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

constexpr std::array<std::string_view, property_key_count> property_names = {
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

/// What is_canonical() relies on.
static_assert(std::all_of(property_spellings.begin(), property_spellings.end(),
                          [](const NamedKey<PropertyKey>& spelling) {
                            const auto name =
                                property_names[static_cast<std::size_t>(spelling.key)];
                            return spelling.name == name || spelling.name.size() != name.size();
                          }));
constexpr KeyTable<PropertyKey, 128> property_keys(property_spellings);

constexpr KeyTable<ContextKey, 32> context_keys(std::to_array<NamedKey<ContextKey>>({
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
}));

}  // namespace

TopKey top_key(std::string_view name) { return top_keys.find(name); }
PropertyKey property_key(std::string_view name) { return property_keys.find(name); }
std::string_view name_of(PropertyKey key) { return property_names[static_cast<std::size_t>(key)]; }
ContextKey context_key(std::string_view name) { return context_keys.find(name); }

}  // namespace bytebasket::events
