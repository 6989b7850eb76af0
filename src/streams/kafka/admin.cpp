#include "streams/kafka/admin.hpp"

#include <array>
#include <chrono>
#include <thread>
#include <utility>

#include <librdkafka/rdkafka.h>

namespace bytebasket::streams::kafka {
namespace {

/// Between two looks whether a new topic is there.
constexpr Milliseconds pause{20};
/// Between two questions while a partition gets a new leader.
constexpr Milliseconds election_pause{100};

bool names_wrong_leader(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH ||
         code == RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH;
}

struct QueueDeleter {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};
struct EventDeleter {
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
struct OptionsDeleter {
  void operator()(rd_kafka_AdminOptions_t* options) const {
    rd_kafka_AdminOptions_destroy(options);
  }
};
struct ResourceDeleter {
  void operator()(rd_kafka_ConfigResource_t* resource) const {
    rd_kafka_ConfigResource_destroy(resource);
  }
};
struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using Event = std::unique_ptr<rd_kafka_event_t, EventDeleter>;
using Resource = std::unique_ptr<rd_kafka_ConfigResource_t, ResourceDeleter>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, ListDeleter>;

Status status_of(rd_kafka_resp_err_t code, const char* text, const std::string& what) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return ok();
  Error error = error_of(code, what);
  if (text != nullptr && *text != 0) error.message += std::string(": ") + text;
  return fail(std::move(error));
}

Status topic_outcome(const rd_kafka_topic_result_t** results, std::size_t count,
                     const std::string& what) {
  for (std::size_t i = 0; i < count; ++i) {
    BB_RETURN_IF_ERROR(status_of(rd_kafka_topic_result_error(results[i]),
                                 rd_kafka_topic_result_error_string(results[i]), what));
  }
  return ok();
}

Status resource_outcome(const rd_kafka_ConfigResource_t** results, std::size_t count,
                        const std::string& what) {
  for (std::size_t i = 0; i < count; ++i) {
    BB_RETURN_IF_ERROR(status_of(rd_kafka_ConfigResource_error(results[i]),
                                 rd_kafka_ConfigResource_error_string(results[i]), what));
  }
  return ok();
}

PartitionList one_partition(const std::string& topic, std::int32_t partition, std::int64_t offset) {
  PartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
  return list;
}

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

/// One administrative request: where its answer arrives, and how long that may take.
struct Admin::Call {
  Call(rd_kafka_t* handle, rd_kafka_admin_op_t kind, Milliseconds wait)
      : patience(wait),
        queue(rd_kafka_queue_new(handle)),
        options(rd_kafka_AdminOptions_new(handle, kind)) {
    std::array<char, 128> reason{};
    const auto ms = static_cast<int>(patience.count());
    rd_kafka_AdminOptions_set_request_timeout(options.get(), ms, reason.data(), reason.size());
  }

  Result<Event> answer(const std::string& what) const {
    Event event(rd_kafka_queue_poll(queue.get(), static_cast<int>(patience.count()) + 1000));
    if (!event) return fail(ErrorCode::unavailable, "kafka: " + what + ": no answer");
    BB_RETURN_IF_ERROR(status_of(rd_kafka_event_error(event.get()),
                                 rd_kafka_event_error_string(event.get()), what));
    return event;
  }

  const Milliseconds patience;
  const std::unique_ptr<rd_kafka_queue_t, QueueDeleter> queue;
  const std::unique_ptr<rd_kafka_AdminOptions_t, OptionsDeleter> options;
};

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

Result<std::optional<TopicDescription>> Admin::find_topic(const std::string& name) {
  // All topics are asked for: to ask for one by name would create it where brokers do that.
  const rd_kafka_metadata_t* metadata = nullptr;
  BB_RETURN_IF_ERROR(explained(status_of(
      rd_kafka_metadata(handle_.get(), 1, nullptr, &metadata, static_cast<int>(patience_.count())),
      nullptr, "list topics")));
  std::optional<TopicDescription> found;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[i];
    if (name != topic.topic || topic.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) continue;
    found = {.partitions = topic.partition_cnt,
             .replication = topic.partition_cnt > 0 ? topic.partitions[0].replica_cnt : 0,
             .has_leaders = true,
             .settings = {}};
    for (int p = 0; p < topic.partition_cnt; ++p)
      found->has_leaders = found->has_leaders && topic.partitions[p].leader >= 0;
  }
  rd_kafka_metadata_destroy(metadata);
  return found;
}

Result<std::optional<TopicDescription>> Admin::describe(const std::string& name) {
  BB_ASSIGN_OR_RETURN(auto found, find_topic(name));
  if (!found) return found;
  const std::string what = "settings of topic " + name;
  const Call call(handle_.get(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, patience_);
  const Resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
  std::array<rd_kafka_ConfigResource_t*, 1> resources = {resource.get()};
  rd_kafka_DescribeConfigs(handle_.get(), resources.data(), 1, call.options.get(),
                           call.queue.get());
  BB_ASSIGN_OR_RETURN(const Event event, call.answer(what));
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_DescribeConfigs_result(event.get());
  const auto** described = rd_kafka_DescribeConfigs_result_resources(answer, &count);
  BB_RETURN_IF_ERROR(resource_outcome(described, count, what));
  if (count == 0) return found;
  std::size_t entries = 0;
  const auto** configs = rd_kafka_ConfigResource_configs(described[0], &entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(configs[i]);
    if (rd_kafka_ConfigEntry_source(configs[i]) != RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG ||
        value == nullptr)
      continue;
    found->settings[rd_kafka_ConfigEntry_name(configs[i])] = value;
  }
  return found;
}

Status Admin::create_topic(const NewTopic& topic) {
  const std::string what = "create topic " + topic.name;
  std::array<char, 256> reason{};
  std::unique_ptr<rd_kafka_NewTopic_t, decltype(&rd_kafka_NewTopic_destroy)> made(
      rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, topic.replication, reason.data(),
                            reason.size()),
      rd_kafka_NewTopic_destroy);
  if (!made) return fail(ErrorCode::invalid_argument, what + ": " + reason.data());
  for (const auto& [name, value] : topic.settings) {
    rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
  }
  const Call call(handle_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS, patience_);
  rd_kafka_AdminOptions_set_operation_timeout(
      call.options.get(), static_cast<int>(patience_.count()), reason.data(), reason.size());
  std::array<rd_kafka_NewTopic_t*, 1> topics = {made.get()};
  rd_kafka_CreateTopics(handle_.get(), topics.data(), 1, call.options.get(), call.queue.get());
  BB_ASSIGN_OR_RETURN(const Event event, call.answer(what));
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_CreateTopics_result(event.get());
  BB_RETURN_IF_ERROR(
      topic_outcome(rd_kafka_CreateTopics_result_topics(answer, &count), count, what));
  return wait_for_topic(topic.name);
}

Status Admin::wait_for_topic(const std::string& name) {
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto found, find_topic(name));
    if (found && found->has_leaders) return ok();
    if (std::chrono::steady_clock::now() > deadline) {
      return fail(ErrorCode::unavailable,
                  "kafka: topic " + name + " was created and does not show up");
    }
    std::this_thread::sleep_for(pause);
  }
}

Status Admin::set_settings(const std::string& name, const Properties& settings) {
  const std::string what = "settings of topic " + name;
  const Call call(handle_.get(), RD_KAFKA_ADMIN_OP_ALTERCONFIGS, patience_);
  const Resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
  for (const auto& [setting, value] : settings) {
    rd_kafka_ConfigResource_set_config(resource.get(), setting.c_str(), value.c_str());
  }
  std::array<rd_kafka_ConfigResource_t*, 1> resources = {resource.get()};
  rd_kafka_AlterConfigs(handle_.get(), resources.data(), 1, call.options.get(), call.queue.get());
  BB_ASSIGN_OR_RETURN(const Event event, call.answer(what));
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_AlterConfigs_result(event.get());
  return resource_outcome(rd_kafka_AlterConfigs_result_resources(answer, &count), count, what);
}

Status Admin::add_partitions(const std::string& name, std::int32_t total) {
  const std::string what = "partitions of topic " + name;
  std::array<char, 256> reason{};
  std::unique_ptr<rd_kafka_NewPartitions_t, decltype(&rd_kafka_NewPartitions_destroy)> wanted(
      rd_kafka_NewPartitions_new(name.c_str(), static_cast<std::size_t>(total), reason.data(),
                                 reason.size()),
      rd_kafka_NewPartitions_destroy);
  if (!wanted) return fail(ErrorCode::invalid_argument, what + ": " + reason.data());
  const Call call(handle_.get(), RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, patience_);
  std::array<rd_kafka_NewPartitions_t*, 1> all = {wanted.get()};
  rd_kafka_CreatePartitions(handle_.get(), all.data(), 1, call.options.get(), call.queue.get());
  BB_ASSIGN_OR_RETURN(const Event event, call.answer(what));
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_CreatePartitions_result(event.get());
  return topic_outcome(rd_kafka_CreatePartitions_result_topics(answer, &count), count, what);
}

Status Admin::delete_topic(const std::string& name) {
  const std::string what = "delete topic " + name;
  const std::unique_ptr<rd_kafka_DeleteTopic_t, decltype(&rd_kafka_DeleteTopic_destroy)> gone(
      rd_kafka_DeleteTopic_new(name.c_str()), rd_kafka_DeleteTopic_destroy);
  const Call call(handle_.get(), RD_KAFKA_ADMIN_OP_DELETETOPICS, patience_);
  std::array<rd_kafka_DeleteTopic_t*, 1> topics = {gone.get()};
  rd_kafka_DeleteTopics(handle_.get(), topics.data(), 1, call.options.get(), call.queue.get());
  BB_ASSIGN_OR_RETURN(const Event event, call.answer(what));
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_DeleteTopics_result(event.get());
  return topic_outcome(rd_kafka_DeleteTopics_result_topics(answer, &count), count, what);
}

void Admin::learn_leaders(const std::string& topic) {
  const auto known = open_topic(handle_.get(), topic);
  const rd_kafka_metadata_t* metadata = nullptr;
  if (known && rd_kafka_metadata(handle_.get(), 0, known->get(), &metadata,
                                 static_cast<int>(patience_.count())) == 0) {
    rd_kafka_metadata_destroy(metadata);
  }
}

template <typename Ask>
auto Admin::ask_leader(const std::string& topic, Ask ask) {
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  while (true) {
    const rd_kafka_resp_err_t code = ask();
    if (!names_wrong_leader(code) || std::chrono::steady_clock::now() > deadline) return code;
    // The library keeps to the leader it knows of a topic that is neither written nor read here.
    learn_leaders(topic);
    std::this_thread::sleep_for(election_pause);
  }
}

Result<Offset> Admin::offset_at(const std::string& topic, std::int32_t partition,
                                std::int64_t time) {
  const PartitionList list = one_partition(topic, partition, time);
  const auto code = ask_leader(topic, [&] {
    list->elems[0].offset = time;
    const auto asked =
        rd_kafka_offsets_for_times(handle_.get(), list.get(), static_cast<int>(patience_.count()));
    return asked == RD_KAFKA_RESP_ERR_NO_ERROR ? list->elems[0].err : asked;
  });
  BB_RETURN_IF_ERROR(
      explained(status_of(code, nullptr, "offsets of " + topic + "/" + std::to_string(partition))));
  return Offset(list->elems[0].offset);
}

Result<OffsetRange> Admin::range(const std::string& topic, std::int32_t partition) {
  // Not rd_kafka_query_watermark_offsets(), which waits for a broker that is away as long as it is
  // away. These two are times that the protocol knows.
  BB_ASSIGN_OR_RETURN(const Offset first, offset_at(topic, partition, RD_KAFKA_OFFSET_BEGINNING));
  BB_ASSIGN_OR_RETURN(const Offset end, offset_at(topic, partition, RD_KAFKA_OFFSET_END));
  return OffsetRange{first, end};
}

Result<std::optional<Offset>> Admin::first_at(const std::string& topic, std::int32_t partition,
                                              Timestamp time) {
  BB_ASSIGN_OR_RETURN(const Offset found, offset_at(topic, partition, to_ms(time)));
  if (found < Offset(0)) return std::optional<Offset>();
  return std::optional(found);
}

Status Admin::delete_before(const std::string& topic, std::int32_t partition, Offset offset) {
  const std::string what = "delete records of " + topic + "/" + std::to_string(partition);
  const PartitionList list = one_partition(topic, partition, offset.value());
  const std::unique_ptr<rd_kafka_DeleteRecords_t, decltype(&rd_kafka_DeleteRecords_destroy)> wanted(
      rd_kafka_DeleteRecords_new(list.get()), rd_kafka_DeleteRecords_destroy);
  const Call call(handle_.get(), RD_KAFKA_ADMIN_OP_DELETERECORDS, patience_);
  std::array<rd_kafka_DeleteRecords_t*, 1> all = {wanted.get()};
  rd_kafka_DeleteRecords(handle_.get(), all.data(), 1, call.options.get(), call.queue.get());
  BB_ASSIGN_OR_RETURN(const Event event, call.answer(what));
  const auto* answer = rd_kafka_event_DeleteRecords_result(event.get());
  const auto* partitions = rd_kafka_DeleteRecords_result_offsets(answer);
  for (int i = 0; i < partitions->cnt; ++i) {
    BB_RETURN_IF_ERROR(status_of(partitions->elems[i].err, nullptr, what));
  }
  return ok();
}

}  // namespace bytebasket::streams::kafka
