// One administrative request: how it is asked, and where its answer arrives.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "streams/kafka/handle.hpp"

struct rd_kafka_AdminOptions_s;
struct rd_kafka_op_s;

namespace bytebasket::streams::kafka {

struct AdminOptionsDeleter {
  void operator()(rd_kafka_AdminOptions_s* options) const;
};
struct EventDeleter {
  void operator()(rd_kafka_op_s* event) const;
};
/// The library's event with the answer in it.
using AdminAnswer = std::unique_ptr<rd_kafka_op_s, EventDeleter>;

class AdminRequest {
 public:
  /// `kind` is librdkafka's rd_kafka_admin_op_t; `what` it does, for its errors. `client` must
  /// outlive it.
  AdminRequest(rd_kafka_s* client, int kind, std::string what, Milliseconds patience);

  [[nodiscard]] const std::string& what() const { return what_; }
  // For the library's call.
  [[nodiscard]] rd_kafka_AdminOptions_s* options() const { return options_.get(); }
  [[nodiscard]] rd_kafka_queue_s* queue() const { return queue_.get(); }
  /// For a request that the brokers finish after they have taken it.
  void wait_for_brokers();

  /// Waits for the answer, after the call.
  [[nodiscard]] Result<AdminAnswer> answer() const;

 private:
  const std::string what_;
  const int patience_ms_;
  const Queue queue_;
  const std::unique_ptr<rd_kafka_AdminOptions_s, AdminOptionsDeleter> options_;
};

/// The outcome of a call, or of a part of one: `code` is librdkafka's rd_kafka_resp_err_t, `text`
/// what it says besides, if anything.
Status status_of(int code, const char* text, const std::string& what);

}  // namespace bytebasket::streams::kafka
