#include "analytics/fraud_evaluation.hpp"

#include <map>

#include <nlohmann/json.hpp>

#include "analytics/transactions_query.hpp"

namespace bytebasket::analytics {
namespace {

using Json = nlohmann::json;

bool is_completed(const std::string& status) {
  return status == "completed" || status == "cancelled" || status == "refunded" ||
         status == "partially_refunded";
}

JudgedTransaction judged(const Json& row) {
  JudgedTransaction transaction;
  const std::string decision = row.value("decision", "approve");
  transaction.flagged = decision != "approve";
  if (row.contains("label")) transaction.fraud = row.value("label", "") != "legitimate";
  for (const Json& reason : row.value("reasons", Json::array()))
    transaction.rules.push_back(reason.value("rule", ""));
  return transaction;
}

std::optional<double> share(std::int64_t part, std::int64_t rest) {
  if (part + rest == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(part + rest);
}

}  // namespace

std::optional<double> FraudEvaluation::precision() const { return share(found, false_alarms); }

std::optional<double> FraudEvaluation::recall() const { return share(found, missed); }

FraudEvaluation evaluate_fraud(std::span<const JudgedTransaction> transactions) {
  FraudEvaluation evaluation;
  std::map<std::string, RuleOutcome> rules;
  for (const JudgedTransaction& transaction : transactions) {
    const bool fraud = transaction.fraud.value_or(false);
    if (transaction.fraud) ++evaluation.labelled;
    ++(fraud ? (transaction.flagged ? evaluation.found : evaluation.missed)
             : (transaction.flagged ? evaluation.false_alarms : evaluation.rest));
    for (const std::string& rule : transaction.rules) {
      RuleOutcome& outcome = rules[rule];
      outcome.rule = rule;
      ++(fraud ? outcome.frauds : outcome.others);
    }
  }
  for (auto& [name, outcome] : rules) evaluation.rules.push_back(std::move(outcome));
  return evaluation;
}

Result<std::vector<JudgedTransaction>> judged_transactions(storage::TableStore& tables,
                                                           Timestamp from, Timestamp to) {
  TransactionReader reader(tables);
  TransactionQuery query;
  query.from = from;
  query.to = to;
  query.limit = TransactionQuery::max_limit;
  std::vector<JudgedTransaction> transactions;
  do {
    BB_ASSIGN_OR_RETURN(const std::string body, reader.list(query));
    const Json page = Json::parse(body, nullptr, false);
    if (!page.is_object())
      return fail(ErrorCode::corrupt, "a listed transaction is no JSON document");
    for (const Json& row : page["transactions"]) {
      if (is_completed(row.value("status", ""))) transactions.push_back(judged(row));
    }
    query.cursor = page["next"].is_string() ? page["next"].get<std::string>() : "";
  } while (!query.cursor.empty());
  return transactions;
}

}  // namespace bytebasket::analytics
