// Transactions and fraud alerts as the API lists them, newest first:
// `GET /api/v1/transactions`, `GET /api/v1/transactions/{id}`, `GET /api/v1/fraud/alerts`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analytics/api_parameters.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::analytics {

struct TransactionQuery {
  static constexpr std::uint32_t max_limit = 10'000;
  static constexpr std::uint32_t usual_limit = 100;

  Timestamp from;        ///< inclusive, by the transaction's time
  Timestamp to;          ///< exclusive
  std::string customer;  ///< empty: everybody's
  std::string decision;  ///< approve, review or decline; empty: all, also those not judged
  std::uint32_t limit = usual_limit;
  std::string cursor;  ///< `next` of the page before
};

/// Reads from, to (the last 24 hours where they are not given), customer, decision, limit, cursor.
Result<TransactionQuery> parse_transaction_query(Parameters parameters, Timestamp now);

struct AlertQuery {
  std::string state = "open";  ///< open, confirmed or dismissed
  std::uint32_t limit = TransactionQuery::usual_limit;
  std::string cursor;
};

/// Reads state, limit and cursor.
Result<AlertQuery> parse_alert_query(Parameters parameters);

/// Reads what the transactions processor wrote. Thread-safe. A page may have fewer rows than its
/// limit though there are more: it looks at a bounded number of rows, and `next` says where to go
/// on.
class TransactionReader {
 public:
  explicit TransactionReader(storage::TableStore& tables) : tables_(tables) {}

  /// {"transactions":[{"transaction_id","time","customer","status","amount","currency","score",
  /// "decision","reasons":[{"rule","reason"}],…}],"next":cursor or null}
  Result<std::string> list(const TransactionQuery& query);

  /// {"transaction_id","order":{…},"decision":{…},"label":{…}}, without what is not known.
  /// `not_found` where nothing is known.
  Result<std::string> one(std::string_view transaction_id);

  /// {"alerts":[{…,"state"}],"next":cursor or null}. Looks ten years back from `now`.
  Result<std::string> alerts(const AlertQuery& query, Timestamp now);

 private:
  storage::TableStore& tables_;
};

}  // namespace bytebasket::analytics
