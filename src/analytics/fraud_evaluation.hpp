// How good the decisions were: they are compared with what the transactions turned out to be.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::analytics {

/// A completed order with its decision and what is known of it.
struct JudgedTransaction {
  bool flagged = false;            ///< review or decline
  std::optional<bool> fraud;       ///< as labelled; nullopt: nobody said
  std::vector<std::string> rules;  ///< that applied
};

struct RuleOutcome {
  std::string rule;
  std::int64_t frauds = 0;  ///< transactions that it applied to and that were fraud
  std::int64_t others = 0;
};

/// The counts of a decision as a test for fraud. A transaction without a label counts as no fraud,
/// for shops label only what comes back to them; so frauds that nobody noticed count against
/// precision.
struct FraudEvaluation {
  std::int64_t found = 0;         ///< fraud, flagged
  std::int64_t missed = 0;        ///< fraud, approved
  std::int64_t false_alarms = 0;  ///< no fraud, flagged
  std::int64_t rest = 0;          ///< no fraud, approved
  std::int64_t labelled = 0;
  std::vector<RuleOutcome> rules;  ///< by name

  /// Of what was flagged, the share that was fraud; nullopt where nothing was flagged.
  [[nodiscard]] std::optional<double> precision() const;
  /// Of what was fraud, the share that was flagged; nullopt where there was none.
  [[nodiscard]] std::optional<double> recall() const;
};

FraudEvaluation evaluate_fraud(std::span<const JudgedTransaction> transactions);

/// The completed orders of [from, to) as they are listed. Attempts that led to no order are left
/// out: nobody labels them.
Result<std::vector<JudgedTransaction>> judged_transactions(storage::TableStore& tables,
                                                           Timestamp from, Timestamp to);

}  // namespace bytebasket::analytics
