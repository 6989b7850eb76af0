// Writes records: idempotent, acknowledged by all in-sync replicas, bounded, healed when the client
// library gives up.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "streams/append_limits.hpp"
#include "streams/event_log.hpp"
#include "streams/kafka/options.hpp"
#include "streams/kafka/pending_append.hpp"
#include "streams/topology.hpp"

namespace bytebasket::streams::kafka {

class ProducerClient;

/// Thread-safe. A fatal error of the client library (it has lost track of what the broker has) ends
/// that client: what was not acknowledged is answered, and the next append goes through a new one.
class Producer {
 public:
  static Result<std::unique_ptr<Producer>> open(const KafkaLogOptions& options,
                                                const Topology& topology);
  ~Producer();

  void append(const std::vector<NewRecord>& records, EventLog::AppendCallback done);

  /// Answers everything, waiting for the cluster at most `options.patience`.
  void close();

  /// How many clients have been given up.
  [[nodiscard]] std::size_t healed() const;
  /// Makes the present client fail as an unforeseen answer of a broker would, for tests.
  void fail_for_test();

 private:
  friend class ProducerClient;
  Producer(const KafkaLogOptions& options, const Topology& topology);

  Result<std::unique_ptr<PendingAppend>> prepare(const std::vector<NewRecord>& records,
                                                 EventLog::AppendCallback& done) const;
  Status reserve(const PendingAppend& append);
  /// The last record of `append` has its outcome.
  void answer(PendingAppend* append);
  void client_failed();
  void heal();

  const KafkaLogOptions& options_;
  const Topology& topology_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<ProducerClient> client_;
  std::size_t sending_ = 0;  ///< calls of append() that hand records over
  AppendRoom room_;
  std::size_t healed_ = 0;
  bool failed_ = false;
  bool closed_ = false;
  std::thread healer_;
};

}  // namespace bytebasket::streams::kafka
