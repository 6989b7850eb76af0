#include "processors/transactions_lists.hpp"

#include "processors/fraud/json_text.hpp"
#include "schema/tables.hpp"

namespace bytebasket::processors {
namespace {

using fraud::JsonText;

storage::RowKey by_time(std::string_view transaction_id, const ListedAt& at) {
  schema::TransactionsByTimeKey key;
  key.day = std::chrono::floor<std::chrono::days>(at.time).time_since_epoch().count();
  key.time = at.time;
  key.transaction_id = transaction_id;
  return storage::RowKey::of(key);
}

storage::RowKey by_customer(std::string_view transaction_id, const ListedAt& at) {
  schema::TransactionsByCustomerKey key;
  key.customer = at.customer;
  key.time = at.time;
  key.transaction_id = transaction_id;
  return storage::RowKey::of(key);
}

storage::RowKey by_state(std::string_view transaction_id, const AlertAt& at) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(at.time));
  schema::AlertsByStateKey key;
  key.state = at.state;
  key.month = static_cast<int>(date.year()) * 12 +
              static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  key.time = at.time;
  key.transaction_id = transaction_id;
  return storage::RowKey::of(key);
}

void put_judgement(JsonText& out, const fraud::FraudCase& fraud_case) {
  if (const auto& decision = fraud_case.decision()) {
    out.key("score").integer(decision->assessment.score);
    out.key("decision").text(to_string(decision->assessment.verdict));
    out.key("reasons").open_array();
    for (const fraud::Reason& reason : decision->assessment.reasons) {
      out.open_object()
          .key("rule")
          .text(reason.rule)
          .key("reason")
          .text(reason.text)
          .close_object();
    }
    out.close_array();
  }
  if (fraud_case.label()) out.key("label").text(fraud_case.label()->text);
}

std::string_view status_of(const OrderState& order, const Settlement& settlement) {
  if (!order.completed)
    return order.payment->status.empty() ? "attempted" : std::string_view(order.payment->status);
  if (order.cancelled) return "cancelled";
  if (settlement.refunded == events::Micros(0)) return "completed";
  return settlement.nothing_left ? "refunded" : "partially_refunded";
}

void put_order(JsonText& out, const OrderState& order, const Settlement& settlement) {
  if (order.worth) {
    const Worth& worth = *order.worth;
    out.key("amount")
        .money(worth.total ? *worth.total : worth.revenue)
        .key("revenue")
        .money(worth.revenue);
    if (settlement.refunded != events::Micros(0)) out.key("refunded").money(settlement.refunded);
    out.member("currency", worth.currency);
  }
  out.key("items").integer(order.basket ? order.basket->quantity : 0);
}

void put_payment(JsonText& out, const Payment& payment) {
  if (payment.amount) out.key("amount").money(*payment.amount);
  out.member("currency", payment.currency).key("items").integer(payment.items);
}

std::string document(std::string_view transaction_id, const ListedAt& at, const OrderState& order,
                     const fraud::FraudCase& fraud_case) {
  const Settlement settlement = settle(order);
  JsonText out;
  out.open_object().key("transaction_id").text(transaction_id).key("time").time(at.time);
  out.member("customer", at.customer).key("status").text(status_of(order, settlement));
  if (order.completed) {
    put_order(out, order, settlement);
  } else {
    put_payment(out, *order.payment);
  }
  out.member("country", order.completed ? order.completed->origin.country : order.payment->country);
  put_judgement(out, fraud_case);
  out.close_object();
  return out.take();
}

std::string alert_document(std::string_view transaction_id, const AlertAt& at,
                           const fraud::FraudCase& fraud_case) {
  const fraud::Decision& decision = *fraud_case.decision();
  JsonText out;
  out.open_object()
      .key("transaction_id")
      .text(transaction_id)
      .key("time")
      .time(at.time)
      .key("state")
      .text(at.state);
  out.member("customer", decision.customer);
  if (decision.amount) out.key("amount").money(*decision.amount);
  out.member("currency", decision.currency)
      .member("country", decision.country)
      .member("card", decision.card);
  put_judgement(out, fraud_case);
  out.close_object();
  return out.take();
}

}  // namespace

std::optional<Timestamp> expiry(Timestamp time, Milliseconds retention) {
  return retention == Milliseconds::max() ? std::nullopt : std::optional(time + retention);
}

std::optional<ListedAt> listed_at(const OrderState& order) {
  if (order.completed)
    return ListedAt{order.completed->stamp.time, order.completed->origin.customer};
  if (order.payment) return ListedAt{order.payment->stamp.time, order.payment->customer};
  return std::nullopt;
}

std::optional<AlertAt> alert_at(const fraud::FraudCase& fraud_case) {
  if (!fraud_case.has_alert()) return std::nullopt;
  return AlertAt{std::string(fraud_case.alert_state()), fraud_case.decision()->time};
}

void list_transaction(std::string_view transaction_id, const OrderState& order,
                      const fraud::FraudCase& fraud_case, const std::optional<ListedAt>& before,
                      Position upto, Milliseconds retention, std::vector<storage::Mutation>& rows) {
  const auto now = listed_at(order);
  if (before && before != now) {
    if (!now || now->time != before->time) {
      rows.push_back({by_time(transaction_id, *before), "", upto, expiry(before->time, retention)});
    }
    if (!before->customer.empty()) {
      rows.push_back(
          {by_customer(transaction_id, *before), "", upto, expiry(before->time, retention)});
    }
  }
  if (!now) return;
  std::string json = document(transaction_id, *now, order, fraud_case);
  const auto expires_at = expiry(now->time, retention);
  if (!now->customer.empty())
    rows.push_back({by_customer(transaction_id, *now), json, upto, expires_at});
  rows.push_back({by_time(transaction_id, *now), std::move(json), upto, expires_at});
}

void list_alert(std::string_view transaction_id, const fraud::FraudCase& fraud_case,
                const std::optional<AlertAt>& before, Position upto, Milliseconds retention,
                std::vector<storage::Mutation>& rows) {
  const auto now = alert_at(fraud_case);
  if (before && before != now) {
    rows.push_back({by_state(transaction_id, *before), "", upto, expiry(before->time, retention)});
  }
  if (!now) return;
  rows.push_back({by_state(transaction_id, *now), alert_document(transaction_id, *now, fraud_case),
                  upto, expiry(now->time, retention)});
}

}  // namespace bytebasket::processors
