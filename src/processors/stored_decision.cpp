#include "processors/stored_decision.hpp"

#include "processors/fraud/fraud_case.hpp"
#include "processors/transactions_keys.hpp"

namespace bytebasket::processors {

Result<std::optional<std::string>> stored_decision(storage::TableStore& tables,
                                                   std::string_view transaction_id,
                                                   std::string_view message_id) {
  BB_ASSIGN_OR_RETURN(
      const auto row,
      storage::get_one_now(tables, storage::RowKey::of(decision_key(transaction_id))));
  if (!row) return std::optional<std::string>();
  BB_ASSIGN_OR_RETURN(const auto fraud_case, fraud::FraudCase::decode(row->value));
  return fraud_case.answer(transaction_id, message_id);
}

}  // namespace bytebasket::processors
