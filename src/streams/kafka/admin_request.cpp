#include "streams/kafka/admin_request.hpp"

#include <array>
#include <utility>

#include <librdkafka/rdkafka.h>

namespace bytebasket::streams::kafka {

void AdminOptionsDeleter::operator()(rd_kafka_AdminOptions_s* options) const {
  rd_kafka_AdminOptions_destroy(options);
}

void EventDeleter::operator()(rd_kafka_op_s* event) const { rd_kafka_event_destroy(event); }

AdminRequest::AdminRequest(rd_kafka_s* client, int kind, std::string what, Milliseconds patience)
    : what_(std::move(what)),
      patience_ms_(static_cast<int>(patience.count())),
      queue_(rd_kafka_queue_new(client)),
      options_(rd_kafka_AdminOptions_new(client, static_cast<rd_kafka_admin_op_t>(kind))) {
  std::array<char, 128> reason{};
  rd_kafka_AdminOptions_set_request_timeout(options(), patience_ms_, reason.data(), reason.size());
}

void AdminRequest::wait_for_brokers() {
  std::array<char, 128> reason{};
  rd_kafka_AdminOptions_set_operation_timeout(options(), patience_ms_, reason.data(),
                                              reason.size());
}

Result<AdminAnswer> AdminRequest::answer() const {
  AdminAnswer event(rd_kafka_queue_poll(queue(), patience_ms_ + 1000));
  if (!event) return fail(ErrorCode::unavailable, "kafka: " + what_ + ": no answer");
  BB_RETURN_IF_ERROR(status_of(rd_kafka_event_error(event.get()),
                               rd_kafka_event_error_string(event.get()), what_));
  return event;
}

Status status_of(int code, const char* text, const std::string& what) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return ok();
  Error error = error_of(code, what);
  if (text != nullptr && *text != 0) error.message += std::string(": ") + text;
  return fail(std::move(error));
}

}  // namespace bytebasket::streams::kafka
