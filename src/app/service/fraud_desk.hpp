// Scores and labels asked for over HTTP: each is an event appended to transactions, and a score is
// answered by the processor that decides it at its offset.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/counters.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "processors/definitions.hpp"
#include "processors/transactions.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::app {

struct FraudDeskOptions {
  /// How long a score waits for its decision before it is answered from the stored features.
  Milliseconds patience{1'000};
  /// Another process decides: its decisions are looked for in the tables.
  bool decided_elsewhere = false;
};

/// Thread-safe. Life cycle: construct before the pipeline, which reports decisions to it; stop()
/// before the server stops, so that those who wait have their answer.
class FraudDesk {
 public:
  using Done = std::function<void(Result<std::string>)>;

  /// `rules` is the configured document of fraud rules.
  FraudDesk(streams::EventLog& log, storage::TableStore& tables,
            processors::DefinitionDocument rules, const Clock& clock, Counters& counters,
            FraudDeskOptions options);
  ~FraudDesk();

  /// POST /api/v1/fraud/score: appends a Payment Attempted, and answers with its decision. Twenty
  /// parallel attempts see each other, because each is judged at its place in the log.
  void score(const std::string& body, const Done& done);

  /// POST /api/v1/fraud/labels: appends a Fraud Labelled.
  void label(const std::string& body, const Done& done);

  /// What the transactions processor decided; ignored where nobody waits for it.
  void decided(const processors::DecisionAnswer& answer);

  /// Answers all who wait with `cancelled`, and takes no more.
  void stop();

 private:
  using Moment = std::chrono::steady_clock::time_point;

  struct Waiting {
    Done done;
    std::string event;  ///< canonical, for an answer from the stored features
    std::string transaction_id;
    Moment since;
  };

  void append(streams::NewRecord record, std::function<void(const Error&)> failed,
              std::function<void()> appended);
  void watch();
  void answer_stored_ones();
  void answer_late_ones();
  Result<std::string> from_stored_features(std::string event) const;
  void finish(const Waiting& waiting, Result<std::string> answer);

  streams::EventLog& log_;
  storage::TableStore& tables_;
  const processors::DefinitionDocument rules_;
  const Clock& clock_;
  Counters& counters_;
  const FraudDeskOptions options_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Waiting, std::less<>> waiting_;  ///< by message id
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bytebasket::app
