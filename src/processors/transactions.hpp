// Transactions → orders, fraud decisions, lists, and their facts. One processor: the stream has one
// partition, so that velocity features of customers, cards, devices and addresses are exact and
// every decision has its place in one order.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "metrics/properties.hpp"
#include "processors/fraud/fraud_case.hpp"
#include "processors/fraud/rules.hpp"
#include "processors/fraud/velocity.hpp"
#include "processors/orders.hpp"
#include "processors/processor.hpp"
#include "processors/state_cache.hpp"
#include "processors/transactions_lists.hpp"
#include "processors/transactions_message_ids.hpp"

namespace bytebasket::processors {

/// The decision on an attempt, as whoever asked for it by its message id wants to know it.
struct DecisionAnswer {
  std::string_view message_id;
  std::string_view transaction_id;
  std::string_view json;          ///< the decision as the API answers it
  std::string_view verdict = {};  ///< approve, review or decline; empty for a duplicate
};

struct TransactionsOptions {
  Milliseconds retention =
      Milliseconds::max();  ///< of lists, decisions and alerts, from their event time on
  /// Called for every attempt when it is judged, before the decision is stored, and again for its
  /// duplicates; from apply(), so it must not block. The views end with the call.
  std::function<void(const DecisionAnswer&)> on_decision;
};

/// See processor.hpp. What an event does:
///  1. Its message id is looked up; a known one changes nothing.
///  2. It states a fact of itself.
///  3. An order's event changes the order: what the order contributes is restated at once.
///  4. A Payment Attempted, or an Order Completed that no attempt came before, is judged by the
///  rules over the velocity
///     of its customer, card, device and address, and then remembered there.
///  5. A Fraud Labelled is kept with the transaction, and counted with everybody who made its
///  attempts.
/// A transaction is known by its order id; a payment without one by its message id.
///
/// Derivation, least derived first: message ids; orders; velocity; decisions; lists and alerts.
/// Each is computed from those before it and the event alone.
class TransactionsProcessor final : public Processor {
 public:
  explicit TransactionsProcessor(TransactionsOptions options);

  void begin_empty(std::size_t bytes) override;
  void missing(std::span<const LoggedEvent> batch, std::vector<storage::RowKey>& keys) override;
  Status loaded(const storage::RowKey& key, const std::optional<storage::StoredRow>& row) override;
  void apply(std::span<const LoggedEvent> batch, metrics::FactSink& facts) override;
  /// Takes a control record of kind "fraud"; `invalid_argument` lists what is wrong with its rules,
  /// and the rules that acted go on acting.
  Status control(std::string_view document, Position position) override;
  Levels drain(Position upto) override;
  [[nodiscard]] std::size_t memory() const override;
  void shrink(std::size_t target) override;

 private:
  using Ids = StateCache<MessageIds>;
  using Orders = StateCache<OrderState>;
  using Velocities = StateCache<fraud::Velocity>;
  using Cases = StateCache<fraud::FraudCase>;

  /// Where a changed transaction stood in the lists when it was last stored.
  struct Touched {
    std::string transaction_id;
    std::optional<ListedAt> listed;
    std::optional<AlertAt> alert;
  };

  void need_velocity(fraud::Entity entity, std::string_view id, std::vector<storage::RowKey>& keys);
  void need_velocities(const LoggedEvent& logged, std::string_view transaction_id,
                       std::vector<storage::RowKey>& keys);
  void apply_one(const LoggedEvent& event, metrics::FactSink& facts);
  bool take_message_id(const LoggedEvent& logged);
  void change_order(const LoggedEvent& logged, Orders::Entry& order, metrics::FactSink& facts);
  void judge(const LoggedEvent& logged, const std::string& id, Cases::Entry& fraud_case);
  fraud::Attempt read_attempt(const events::Event& event);
  fraud::Velocities velocities_of(const fraud::Attempt& attempt);
  void label(const LoggedEvent& logged, Orders::Entry& order, Cases::Entry& fraud_case);
  /// Who makes an attempt after its transaction was labelled is counted like those before.
  void follow_label(OrderState& order, Position position);
  void change_labelled(const OrderState& order, std::size_t marked, Position position);
  void touch_lists(const std::string& id, const Orders::Entry& order,
                   const Cases::Entry& fraud_case);
  void answer(std::string_view message_id, const std::string& id,
              const fraud::Decision& decision) const;
  void answer_again(const LoggedEvent& logged, const std::string& id);
  std::vector<storage::Mutation> drain_lists(Position upto);

  TransactionsOptions options_;
  std::shared_ptr<const fraud::RuleSet> rules_;
  metrics::PropertyReader properties_;
  Ids ids_;
  Orders orders_;
  Velocities velocities_;
  Cases cases_;
  std::map<std::string, Touched, std::less<>>
      touched_;  ///< transactions changed since the last drain
};

}  // namespace bytebasket::processors
