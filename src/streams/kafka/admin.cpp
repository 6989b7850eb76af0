#include "streams/kafka/admin.hpp"

#include <utility>

#include <librdkafka/rdkafka.h>

namespace bytebasket::streams::kafka {
namespace {

/// A client older than 2.6.1 repeats its own nonce in the answer, which brokers have refused since
/// 3.8.1 as a wrong password (librdkafka #4895).
std::string about_scram(const std::string& reason) {
  constexpr int first_that_can = 0x02060100;
  if (rd_kafka_version() >= first_that_can || reason.find("SCRAM") == std::string::npos) return "";
  return std::string("; librdkafka ") + rd_kafka_version_str() +
         " cannot log in by SCRAM to Kafka 3.8.1 or newer (2.6.1 can), whatever the password: use "
         "PLAIN over TLS";
}

}  // namespace

Result<std::unique_ptr<Admin>> Admin::open(const ClientProperties& properties,
                                           Milliseconds patience) {
  // Some of the library's questions wait as long as a socket may, whatever they are told.
  const std::string socket_timeout = std::to_string(patience.count());
  // Asking for a topic must not make it.
  BB_ASSIGN_OR_RETURN(Conf conf, configure(ClientKind::admin, properties,
                                           {{"allow.auto.create.topics", "false"},
                                            {"socket.timeout.ms", socket_timeout}}));
  auto refusal = std::make_unique<Refusal>();
  rd_kafka_conf_set_opaque(conf.get(), refusal.get());
  rd_kafka_conf_set_error_cb(
      conf.get(), [](rd_kafka_t*, int code, const char* reason, void* opaque) {
        if (code != RD_KAFKA_RESP_ERR__AUTHENTICATION && code != RD_KAFKA_RESP_ERR__SSL) return;
        auto& [mutex, text] = *static_cast<Refusal*>(opaque);
        const std::lock_guard lock(mutex);
        text = reason;
      });
  BB_ASSIGN_OR_RETURN(Handle handle, open_handle(ClientKind::admin, std::move(conf)));
  return std::unique_ptr<Admin>(new Admin(std::move(refusal), std::move(handle), patience));
}

Admin::Admin(std::unique_ptr<Refusal> refusal, Handle handle, Milliseconds patience)
    : refusal_(std::move(refusal)), handle_(std::move(handle)), patience_(patience) {}

Status Admin::explained(Status status) {
  // The client tells what it has met since the last call.
  rd_kafka_poll(handle_.get(), 0);
  const std::lock_guard lock(refusal_->mutex);
  const std::string reason = std::exchange(refusal_->text, {});
  if (status || reason.empty()) return status;
  return fail(status.error().code, status.error().message + ": " + reason +
                                       ": look at security.protocol, sasl.* and ssl.* in "
                                       "kafka.file" +
                                       about_scram(reason));
}

}  // namespace bytebasket::streams::kafka
