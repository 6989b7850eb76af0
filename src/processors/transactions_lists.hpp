// The rows that people list: transactions by time and by customer, and fraud alerts by state. Each
// is a pure function of the order and the decision that it shows, so a restated row is written anew
// and the one it replaces is emptied.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "processors/fraud/fraud_case.hpp"
#include "processors/orders.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// Where a transaction stands in the lists.
struct ListedAt {
  Timestamp time;
  std::string customer;
  bool operator==(const ListedAt&) const = default;
};
/// nullopt where a transaction is not listed: there is neither a completed order nor a payment.
std::optional<ListedAt> listed_at(const OrderState& order);

/// Where an alert stands.
struct AlertAt {
  std::string state;
  Timestamp time;
  bool operator==(const AlertAt&) const = default;
};
std::optional<AlertAt> alert_at(const fraud::FraudCase& fraud_case);

/// A transaction's rows in the lists as it is now; those at `before` that no longer hold are
/// emptied.
void list_transaction(std::string_view transaction_id, const OrderState& order,
                      const fraud::FraudCase& fraud_case, const std::optional<ListedAt>& before,
                      Position upto, Milliseconds retention, std::vector<storage::Mutation>& rows);

/// The same for its alert.
void list_alert(std::string_view transaction_id, const fraud::FraudCase& fraud_case,
                const std::optional<AlertAt>& before, Position upto, Milliseconds retention,
                std::vector<storage::Mutation>& rows);

/// When a row of that time goes; nullopt: it is kept.
std::optional<Timestamp> expiry(Timestamp time, Milliseconds retention);

}  // namespace bytebasket::processors
