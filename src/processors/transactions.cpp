#include "processors/transactions.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/hash.hpp"
#include "base/log.hpp"
#include "processors/definitions.hpp"
#include "processors/event_facts.hpp"
#include "processors/fraud/default_rules.hpp"
#include "processors/transactions_keys.hpp"

namespace bytebasket::processors {
namespace {

using events::Event;
using events::EventKind;
using schema::MessageIdsKey;

fraud::Decision decision_on(const LoggedEvent& logged, const fraud::Attempt& attempt,
                            fraud::Assessment assessment) {
  fraud::Decision decision;
  decision.assessment = std::move(assessment);
  decision.message_id = logged.event.message_id;
  decision.time = attempt.time;
  decision.customer = attempt[fraud::Entity::customer];
  decision.amount = attempt.amount;
  decision.currency = attempt.currency_text;
  decision.country = attempt[fraud::Attribute::country];
  decision.card = attempt[fraud::Entity::card];
  decision.device_id = attempt[fraud::Entity::device];
  decision.ip = attempt[fraud::Entity::ip];
  decision.position = logged.position;
  return decision;
}

std::shared_ptr<const fraud::RuleSet> built_in_rules() {
  auto rules = fraud::RuleSet::compile(fraud::default_rules(), "config/fraud.yml");
  if (rules) return std::move(*rules);
  // A test compiles the built-in rules, so this is a broken build.
  spdlog::critical("the built-in fraud rules do not compile:\n{}", rules.error().message);
  std::abort();
}

}  // namespace

TransactionsProcessor::TransactionsProcessor(TransactionsOptions options)
    : options_(std::move(options)), rules_(built_in_rules()) {}

bool TransactionsProcessor::take_message_id(const LoggedEvent& logged) {
  const std::uint64_t hash = hash64(logged.event.message_id);
  const std::vector<MessageIdsKey> rows = message_id_rows(logged);
  for (const MessageIdsKey& row : rows) {
    if (ids_.find(ids_cache_key(row))->state.contains(hash)) return false;
  }
  const std::string key = ids_cache_key(rows.front());
  Ids::Entry& own = *ids_.find(key);
  own.state.insert(hash);
  ids_.touch(own);
  return true;
}

void TransactionsProcessor::apply(std::span<const LoggedEvent> batch, metrics::FactSink& facts) {
  for (const LoggedEvent& logged : batch) apply_one(logged, facts);
}

void TransactionsProcessor::apply_one(const LoggedEvent& logged, metrics::FactSink& facts) {
  const Event& event = logged.event;
  const std::string id = transaction_id_of(event);
  if (!take_message_id(logged)) {
    answer_again(logged, id);
    return;
  }
  state_event(event, logged.append_time, facts);
  if (!concerns_order(event.kind)) return;
  Orders::Entry& order = *orders_.find(id);
  if (order.position >=
      logged.position) {  // the order has it, and so has everything derived from it
    answer_again(logged, id);
    return;
  }
  Cases::Entry& fraud_case = *cases_.find(id);
  touch_lists(id, order, fraud_case);
  const bool judged_before = order.state.judged;
  change_order(logged, order, facts);
  if (event.kind == EventKind::payment_attempted ||
      (event.kind == EventKind::order_completed && !judged_before)) {
    judge(logged, id, fraud_case);
  }
  if (is_attempt(event.kind)) follow_label(order.state, logged.position);
  if (event.kind == EventKind::fraud_labelled && !event.order_id.empty())
    label(logged, order, fraud_case);
}

void TransactionsProcessor::change_order(const LoggedEvent& logged, Orders::Entry& order,
                                         metrics::FactSink& facts) {
  const OrderState before = order.state;
  OrderState overflow;
  take_event(order.state, logged.event, logged.append_time, overflow);
  if (is_attempt(logged.event.kind)) {
    order.state.judged = true;
    take_entities(order.state, fraud::attempt_of(logged.event));
  }
  processors::restate(facts_of(before), facts_of(order.state), facts);
  for (const metrics::Fact& fact : facts_of(overflow)) facts.add(fact);
  orders_.touch(order);
}

fraud::Velocities TransactionsProcessor::velocities_of(const fraud::Attempt& attempt) {
  fraud::Velocities found{};
  for (std::size_t i = 0; i < fraud::entity_count; ++i) {
    const auto entity = static_cast<fraud::Entity>(i);
    if (!attempt[entity].empty())
      found[i] = &velocities_.find(velocity_cache_key(entity, attempt[entity]))->state;
  }
  return found;
}

fraud::Attempt TransactionsProcessor::read_attempt(const Event& event) {
  fraud::Attempt attempt = fraud::attempt_of(event);
  metrics::Fact fact;
  fact.event = &event;
  properties_.next_fact();
  for (const std::string& name : rules_->properties()) {
    const auto property = properties_.find(fact, name);
    attempt.properties.emplace_back(property ? property->text : std::string_view());
  }
  return attempt;
}

void TransactionsProcessor::judge(const LoggedEvent& logged, const std::string& id,
                                  Cases::Entry& fraud_case) {
  const fraud::Attempt attempt = read_attempt(logged.event);
  const fraud::PastAttempt remembered = fraud::remember(attempt);
  if (fraud_case.position < logged.position) {
    fraud::Decision decision =
        decision_on(logged, attempt, rules_->assess(attempt, remembered, velocities_of(attempt)));
    answer(logged.event.message_id, id, decision);
    fraud_case.state.add(std::move(decision));
    cases_.touch(fraud_case);
  } else {
    answer_again(logged, id);
  }
  for (std::size_t i = 0; i < fraud::entity_count; ++i) {
    const auto entity = static_cast<fraud::Entity>(i);
    if (attempt[entity].empty()) continue;
    const std::string key = velocity_cache_key(entity, attempt[entity]);
    Velocities::Entry& velocity = *velocities_.find(key);
    if (velocity.position >= logged.position) continue;
    velocity.state.add(remembered, rules_->velocity_entries());
    velocities_.touch(velocity);
  }
}

void TransactionsProcessor::label(const LoggedEvent& logged, Orders::Entry& order,
                                  Cases::Entry& fraud_case) {
  auto text = fraud::parse_label(logged.event.label);
  if (!text) return;
  fraud::Label label{std::move(*text), logged.event.time, std::string(logged.event.message_id)};
  if (order.state.label && !label.is_newer_than(*order.state.label)) return;
  const std::size_t marked = label.is_fraud() ? order.state.entities.size() : 0;
  change_labelled(order.state, marked, logged.position);
  order.state.marked = marked;
  order.state.label = label;
  orders_.touch(order);
  if (fraud_case.position >= logged.position) return;
  fraud_case.state.set_label(std::move(label));
  cases_.touch(fraud_case);
}

void TransactionsProcessor::follow_label(OrderState& order, Position position) {
  if (!order.label || !order.label->is_fraud()) return;
  change_labelled(order, order.entities.size(), position);
  order.marked = order.entities.size();
}

void TransactionsProcessor::change_labelled(const OrderState& order, std::size_t marked,
                                            Position position) {
  const std::int64_t by = marked > order.marked ? 1 : -1;
  const auto [from, until] = std::minmax(marked, order.marked);
  for (std::size_t i = from; i < until; ++i) {
    const auto& [entity, id] = order.entities[i];
    const std::string key = velocity_cache_key(entity, id);
    Velocities::Entry& velocity = *velocities_.find(key);
    if (velocity.position >= position) continue;
    velocity.state.change_labelled_fraud(by);
    velocities_.touch(velocity);
  }
}

void TransactionsProcessor::touch_lists(const std::string& id, const Orders::Entry& order,
                                        const Cases::Entry& fraud_case) {
  const auto [where, inserted] = touched_.try_emplace(id);
  if (inserted) where->second = {id, listed_at(order.state), alert_at(fraud_case.state)};
}

void TransactionsProcessor::answer(std::string_view message_id, const std::string& id,
                                   const fraud::Decision& decision) const {
  if (!options_.on_decision) return;
  const std::string json = fraud::decision_json(id, decision);
  options_.on_decision({message_id, id, json, fraud::to_string(decision.assessment.verdict)});
}

void TransactionsProcessor::answer_again(const LoggedEvent& logged, const std::string& id) {
  if (!options_.on_decision || !is_attempt(logged.event.kind)) return;
  const Cases::Entry* fraud_case = cases_.find(id);
  if (fraud_case == nullptr) return;
  const auto json = fraud_case->state.answer(id, logged.event.message_id);
  if (json) options_.on_decision({logged.event.message_id, id, *json});
}

Status TransactionsProcessor::control(std::string_view document, Position) {
  BB_ASSIGN_OR_RETURN(const DefinitionDocument definition, from_control_record(document));
  if (definition.kind != "fraud") return ok();
  BB_ASSIGN_OR_RETURN(rules_,
                      fraud::RuleSet::compile(definition.text, "fraud.yml", definition.hash));
  return ok();
}

}  // namespace bytebasket::processors
