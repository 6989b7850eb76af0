#include "processors/transactions_keys.hpp"

#include "base/bytes.hpp"

namespace bytebasket::processors {

using events::EventKind;
using schema::DecisionsKey;
using schema::MessageIdsKey;
using schema::OrdersKey;
using schema::VelocityKey;

OrdersKey order_key(std::string_view id) {
  OrdersKey key;
  key.order_id = id;
  key.facet = "state";
  return key;
}

DecisionsKey decision_key(std::string_view id) {
  DecisionsKey key;
  key.transaction_id = id;
  key.facet = "decision";
  return key;
}

VelocityKey velocity_key(fraud::Entity entity, std::string_view id) {
  VelocityKey key;
  key.entity = fraud::to_string(entity);
  key.id = id;
  key.facet = "attempts";
  return key;
}

std::string ids_cache_key(const MessageIdsKey& key) {
  std::string text;
  append_key_int(text, key.day);
  return text.append(key.owner);
}

MessageIdsKey ids_key_of(std::string_view cache_key) {
  MessageIdsKey key;
  key.day = take_key_int(cache_key).value_or(0);
  key.owner = cache_key;
  return key;
}

std::string velocity_cache_key(fraud::Entity entity, std::string_view id) {
  std::string key(1, static_cast<char>('0' + static_cast<int>(entity)));
  return key.append(id);
}

VelocityKey velocity_key_of(std::string_view cache_key) {
  return velocity_key(static_cast<fraud::Entity>(cache_key.front() - '0'), cache_key.substr(1));
}

bool is_attempt(EventKind kind) {
  return kind == EventKind::payment_attempted || kind == EventKind::order_completed;
}

bool concerns_order(EventKind kind) {
  return is_attempt(kind) || kind == EventKind::order_updated ||
         kind == EventKind::order_refunded || kind == EventKind::order_cancelled ||
         kind == EventKind::fraud_labelled;
}

std::string transaction_id_of(const events::Event& event) {
  return std::string(event.order_id.empty() ? event.message_id : event.order_id);
}

}  // namespace bytebasket::processors
