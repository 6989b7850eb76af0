// ByteBasket in one process: engines, processing, collector, API and dashboard, wired together.
#pragma once

#include <memory>
#include <string>

#include "app/configuration/configuration.hpp"
#include "app/configuration/documents.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "processors/pipeline.hpp"
#include "processors/transactions.hpp"

namespace bytebasket::app {

/// Life cycle: start(), then stop() (or destruction). Nothing is accepted before everything that
/// processes it runs, and what was accepted is stored before stop() returns.
class Service {
 public:
  /// `already_exists` when another process serves the data folder or the port; `invalid_argument`
  /// when the definitions are wrong.
  static Result<std::unique_ptr<Service>> start(Configuration configuration, Documents documents);
  ~Service();

  /// `http://127.0.0.1:8080`
  [[nodiscard]] std::string url() const;

  /// Drains: takes no more requests, processes and stores what was accepted, closes the engines.
  /// Idempotent.
  Status stop();

 private:
  struct Impl;
  explicit Service(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The pipeline over the engines' streams, configured by the settings. `on_decision` may be empty.
Result<std::unique_ptr<processors::Pipeline>> make_pipeline(
    streams::EventLog& log, storage::TableStore& tables, const schema::Settings& settings,
    const Documents& documents, Counters& counters,
    std::function<void(const processors::DecisionAnswer&)> on_decision);

/// Blocks SIGINT and SIGTERM for the process's threads; wait() returns when one arrives. Construct
/// before any thread.
class StopSignal {
 public:
  StopSignal();
  /// False when nothing arrived within `patience`.
  bool wait_for(Milliseconds patience);
  void wait();
};

}  // namespace bytebasket::app
