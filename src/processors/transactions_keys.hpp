// Which rows a transaction has, and the keys that the processor's caches know them by.
#pragma once

#include <string>
#include <string_view>

#include "events/event.hpp"
#include "processors/fraud/attempt.hpp"
#include "schema/tables.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

schema::OrdersKey order_key(std::string_view transaction_id);
schema::DecisionsKey decision_key(std::string_view transaction_id);
schema::VelocityKey velocity_key(fraud::Entity entity, std::string_view id);

// The caches' own keys, made to be taken apart again when a row is written.
std::string ids_cache_key(const schema::MessageIdsKey& key);
schema::MessageIdsKey ids_key_of(std::string_view cache_key);
std::string velocity_cache_key(fraud::Entity entity, std::string_view id);
schema::VelocityKey velocity_key_of(std::string_view cache_key);

/// Asks to be judged, unless it is an Order Completed that was judged before.
bool is_attempt(events::EventKind kind);
/// Changes the transaction that it names, or what is known of it.
bool concerns_order(events::EventKind kind);

/// The order id; of a payment without one its message id.
std::string transaction_id_of(const events::Event& event);

}  // namespace bytebasket::processors
