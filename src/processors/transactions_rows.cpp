// The rows of the transactions processor: which it needs, taking them in, and handing them out
// again.
#include "processors/transactions.hpp"
#include "processors/transactions_keys.hpp"

namespace bytebasket::processors {

using events::Event;
using events::EventKind;
using schema::DecisionsKey;
using schema::MessageIdsKey;
using schema::OrdersKey;
using schema::VelocityKey;
using storage::Mutation;
using storage::RowKey;

void TransactionsProcessor::begin_empty(std::size_t bytes) {
  ids_.begin_empty(bytes / 4);
  orders_.begin_empty(bytes / 4);
  velocities_.begin_empty(bytes / 4);
  cases_.begin_empty(bytes / 4);
}

void TransactionsProcessor::need_velocity(fraud::Entity entity, std::string_view id,
                                          std::vector<RowKey>& keys) {
  if (id.empty() || !velocities_.ask(velocity_cache_key(entity, id))) return;
  keys.push_back(storage::RowKey::of(velocity_key(entity, id)));
}

void TransactionsProcessor::need_velocities(const LoggedEvent& logged,
                                            std::string_view transaction_id,
                                            std::vector<RowKey>& keys) {
  const Event& event = logged.event;
  if (is_attempt(event.kind)) {
    need_velocity(fraud::Entity::customer, event.customer(), keys);
    need_velocity(fraud::Entity::card, event.card, keys);
    need_velocity(fraud::Entity::device, event.device_id, keys);
    need_velocity(fraud::Entity::ip, event.ip, keys);
  }
  if (event.kind != EventKind::fraud_labelled) return;
  // The order says whom a label concerns. Those of attempts in the same batch are asked for by the
  // attempts.
  const Orders::Entry* order = orders_.find(transaction_id);
  if (order == nullptr) return;
  for (const auto& [entity, id] : order->state.entities) need_velocity(entity, id, keys);
}

void TransactionsProcessor::missing(std::span<const LoggedEvent> batch, std::vector<RowKey>& keys) {
  for (const LoggedEvent& logged : batch) {
    for (const MessageIdsKey& key : message_id_rows(logged)) {
      if (ids_.ask(ids_cache_key(key))) keys.push_back(storage::RowKey::of(key));
    }
    if (!concerns_order(logged.event.kind)) continue;
    const std::string id = transaction_id_of(logged.event);
    if (orders_.ask(id)) keys.push_back(storage::RowKey::of(order_key(id)));
    if (cases_.ask(id)) keys.push_back(storage::RowKey::of(decision_key(id)));
    need_velocities(logged, id, keys);
  }
}

Status TransactionsProcessor::loaded(const RowKey& key,
                                     const std::optional<storage::StoredRow>& row) {
  switch (key.table) {
    case schema::TableId::message_ids:
      if (const auto parts = MessageIdsKey::decode(key.partition, key.clustering)) {
        return ids_.put(ids_cache_key(*parts), row);
      }
      break;
    case schema::TableId::orders:
      if (const auto parts = OrdersKey::decode(key.partition, key.clustering))
        return orders_.put(parts->order_id, row);
      break;
    case schema::TableId::decisions:
      if (const auto parts = DecisionsKey::decode(key.partition, key.clustering)) {
        return cases_.put(parts->transaction_id, row);
      }
      break;
    case schema::TableId::velocity:
      if (const auto parts = VelocityKey::decode(key.partition, key.clustering)) {
        const auto entity = fraud::parse_entity(parts->entity);
        if (entity) return velocities_.put(velocity_cache_key(*entity, parts->id), row);
      }
      break;
    default:
      break;
  }
  return fail(ErrorCode::internal,
              "the transactions processor was given a row that it did not ask for");
}

std::vector<Mutation> TransactionsProcessor::drain_lists(Position upto) {
  std::vector<Mutation> rows;
  for (const auto& [id, before] : touched_) {
    const Orders::Entry& order = *orders_.find(id);
    const Cases::Entry& fraud_case = *cases_.find(id);
    // A decision that an interrupted flush stored vouches for its lists; and is too new to make
    // them from.
    if (fraud_case.position >= upto) continue;
    list_transaction(id, order.state, fraud_case.state, before.listed, upto, options_.retention,
                     rows);
    list_alert(id, fraud_case.state, before.alert, upto, options_.retention, rows);
  }
  touched_.clear();
  return rows;
}

Levels TransactionsProcessor::drain(Position upto) {
  Levels drained;
  drained.levels.resize(5);
  drained.levels[0] = drain_lists(upto);
  cases_.drain(upto, [&](const std::string& id, const fraud::FraudCase& fraud_case) {
    std::optional<Timestamp> expires_at;
    if (fraud_case.decision()) expires_at = expiry(fraud_case.decision()->time, options_.retention);
    drained.levels[1].push_back(
        {storage::RowKey::of(decision_key(id)), fraud_case.encode(id), upto, expires_at});
  });
  velocities_.drain(upto, [&](const std::string& key, const fraud::Velocity& velocity) {
    drained.levels[2].push_back(
        {storage::RowKey::of(velocity_key_of(key)), velocity.encode(), upto, std::nullopt});
  });
  orders_.drain(upto, [&](const std::string& id, const OrderState& order) {
    drained.levels[3].push_back(
        {storage::RowKey::of(order_key(id)), order.encode(id), upto, std::nullopt});
  });
  ids_.drain(upto, [&](const std::string& key, const MessageIds& ids) {
    drained.levels[4].push_back(
        {storage::RowKey::of(ids_key_of(key)), ids.encode(), upto, std::nullopt});
  });
  return drained;
}

std::size_t TransactionsProcessor::memory() const {
  return ids_.memory() + orders_.memory() + velocities_.memory() + cases_.memory();
}

void TransactionsProcessor::shrink(std::size_t target) {
  const std::size_t held = memory();
  if (held <= target) return;
  const double keep = static_cast<double>(target) / static_cast<double>(held);
  const auto share = [&](std::size_t bytes) {
    return static_cast<std::size_t>(keep * static_cast<double>(bytes));
  };
  ids_.shrink(share(ids_.memory()));
  orders_.shrink(share(orders_.memory()));
  velocities_.shrink(share(velocities_.memory()));
  cases_.shrink(share(cases_.memory()));
}

}  // namespace bytebasket::processors
