#include "streams/kafka/handle.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <librdkafka/rdkafka.h>

#include "base/log.hpp"

namespace bytebasket::streams::kafka {
namespace {

constexpr int log_warning = 4;
constexpr int log_notice = 5;

void take_message(const rd_kafka_t*, int level, const char* facility, const char* text) {
  const auto severity = level <= log_warning  ? spdlog::level::warn
                        : level == log_notice ? spdlog::level::info
                                              : spdlog::level::debug;
  spdlog::log(severity, "kafka: {}: {}", facility, text);
}

bool is_secret(std::string_view name) {
  constexpr std::array<std::string_view, 6> words = {"password", "secret", "key.pem",
                                                     "jaas",     "token",  "oauthbearer.config"};
  return std::ranges::any_of(
      words, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

Properties defaults_of(ClientKind kind) {
  switch (kind) {
    case ClientKind::producer:
      return {{"linger.ms", "5"},
              {"compression.type", "lz4"},
              {"message.max.bytes", "10000000"},
              {"delivery.timeout.ms", "5000"},
              {"queue.buffering.max.messages", "10000000"},
              {"queue.buffering.max.kbytes", "2097151"}};
    case ClientKind::reader:
      return {{"fetch.wait.max.ms", "100"},
              {"fetch.error.backoff.ms", "100"},
              {"queued.min.messages", "200000"},
              {"queued.max.messages.kbytes", "16384"},
              {"fetch.message.max.bytes", "1048576"}};
    case ClientKind::member:
      return {{"session.timeout.ms", "6000"}, {"heartbeat.interval.ms", "2000"}};
    case ClientKind::admin:
      return {};
  }
  return {};
}

Properties required_of(ClientKind kind) {
  switch (kind) {
    case ClientKind::producer:
      return {{"enable.idempotence", "true"}, {"acks", "all"}};
    case ClientKind::reader:
      return {{"isolation.level", "read_committed"},
              {"enable.partition.eof", "true"},
              {"enable.auto.commit", "false"},
              {"enable.auto.offset.store", "false"},
              {"check.crcs", "true"},
              {"auto.offset.reset", "error"}};
    case ClientKind::member:
      return {{"partition.assignment.strategy", "cooperative-sticky"},
              {"enable.auto.commit", "false"},
              {"enable.auto.offset.store", "false"},
              {"auto.offset.reset", "latest"}};
    case ClientKind::admin:
      return {};
  }
  return {};
}

Properties own_properties(ClientKind kind, const ClientProperties& given) {
  // The library's own longest pause before it connects again is 10 s.
  Properties all = {{"client.id", "bytebasket"}, {"reconnect.backoff.max.ms", "2000"}};
  const auto lay_over = [&](const Properties& properties) {
    for (const auto& [name, value] : properties) all[name] = value;
  };
  lay_over(defaults_of(kind));
  lay_over(given.common);
  if (kind == ClientKind::producer) lay_over(given.producer);
  if (kind == ClientKind::reader || kind == ClientKind::member) lay_over(given.consumer);
  return all;
}

/// What is wrong with one property, or nothing.
std::string set_property(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  std::array<char, 512> reason{};
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason.data(), reason.size()) ==
      RD_KAFKA_CONF_OK)
    return {};
  // The reason quotes the value.
  return is_secret(name) ? name + ": the value is not allowed" : name + ": " + reason.data();
}

ErrorCode code_of(int code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return ErrorCode::permission_denied;
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST:
      return ErrorCode::conflict;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
      return ErrorCode::invalid_argument;
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
      return ErrorCode::already_exists;
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      return ErrorCode::not_found;
    case RD_KAFKA_RESP_ERR__DESTROY:
      return ErrorCode::cancelled;
    default:
      return ErrorCode::unavailable;
  }
}

}  // namespace

void HandleDeleter::operator()(rd_kafka_s* handle) const { rd_kafka_destroy(handle); }
void ConfDeleter::operator()(rd_kafka_conf_s* conf) const { rd_kafka_conf_destroy(conf); }
void TopicDeleter::operator()(rd_kafka_topic_s* topic) const { rd_kafka_topic_destroy(topic); }
void QueueDeleter::operator()(rd_kafka_queue_s* queue) const { rd_kafka_queue_destroy(queue); }
void PartitionListDeleter::operator()(rd_kafka_topic_partition_list_s* list) const {
  rd_kafka_topic_partition_list_destroy(list);
}

Result<Conf> configure(ClientKind kind, const ClientProperties& given, const Properties& own) {
  Conf conf(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(conf.get(), take_message);
  std::string wrong;
  const auto note = [&](const std::string& line) {
    if (!line.empty()) wrong += (wrong.empty() ? "" : "\n") + line;
  };
  const Properties required = required_of(kind);
  const Properties wanted = own_properties(kind, given);
  for (const auto& [name, value] : wanted) {
    const auto fixed = required.find(name);
    if (fixed != required.end() && fixed->second != value) {
      note(name + ": must be '" + fixed->second + "', on which ByteBasket's promises rest");
    } else {
      note(set_property(conf.get(), name, value));
    }
  }
  for (const auto& [name, value] : required) note(set_property(conf.get(), name, value));
  for (const auto& [name, value] : own) note(set_property(conf.get(), name, value));
  if (!wrong.empty()) return fail(ErrorCode::invalid_argument, std::move(wrong));
  return conf;
}

Status check_properties(const ClientProperties& given) {
  for (const auto kind :
       {ClientKind::admin, ClientKind::producer, ClientKind::reader, ClientKind::member}) {
    BB_RETURN_IF_ERROR(configure(kind, given));
  }
  return ok();
}

Result<Handle> open_handle(ClientKind kind, Conf conf) {
  const bool writes = kind == ClientKind::producer || kind == ClientKind::admin;
  std::array<char, 512> reason{};
  rd_kafka_t* handle = rd_kafka_new(writes ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, conf.get(),
                                    reason.data(), reason.size());
  if (handle == nullptr) {
    return fail(ErrorCode::invalid_argument,
                "Kafka's client cannot start: " + std::string(reason.data()) +
                    ": look at the kafka settings");
  }
  static_cast<void>(conf.release());  // the handle owns it now
  return Handle(handle);
}

Result<Topic> open_topic(rd_kafka_s* handle, const std::string& name) {
  rd_kafka_topic_t* topic = rd_kafka_topic_new(handle, name.c_str(), nullptr);
  if (topic == nullptr) return fail(error_of(rd_kafka_last_error(), "topic " + name));
  return Topic(topic);
}

PartitionList one_partition(const std::string& topic, std::int32_t partition, std::int64_t offset) {
  PartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
  return list;
}

Error error_of(int code, std::string_view what) {
  return {code_of(code), "kafka: " + std::string(what) + ": " +
                             rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(code))};
}

}  // namespace bytebasket::streams::kafka
