#include <array>
#include <chrono>
#include <thread>

#include <librdkafka/rdkafka.h>

#include "streams/kafka/admin.hpp"
#include "streams/kafka/admin_request.hpp"

namespace bytebasket::streams::kafka {
namespace {

/// Between two looks whether a new topic is there.
constexpr Milliseconds pause{20};

struct ResourceDeleter {
  void operator()(rd_kafka_ConfigResource_t* resource) const {
    rd_kafka_ConfigResource_destroy(resource);
  }
};
using Resource = std::unique_ptr<rd_kafka_ConfigResource_t, ResourceDeleter>;

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

}  // namespace

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
  const AdminRequest request(handle_.get(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS,
                             "settings of topic " + name, patience_);
  const Resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
  std::array<rd_kafka_ConfigResource_t*, 1> resources = {resource.get()};
  rd_kafka_DescribeConfigs(handle_.get(), resources.data(), 1, request.options(), request.queue());
  BB_ASSIGN_OR_RETURN(const AdminAnswer event, request.answer());
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_DescribeConfigs_result(event.get());
  const auto** described = rd_kafka_DescribeConfigs_result_resources(answer, &count);
  BB_RETURN_IF_ERROR(resource_outcome(described, count, request.what()));
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
  AdminRequest request(handle_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS, "create topic " + topic.name,
                       patience_);
  request.wait_for_brokers();
  std::array<char, 256> reason{};
  std::unique_ptr<rd_kafka_NewTopic_t, decltype(&rd_kafka_NewTopic_destroy)> made(
      rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions, topic.replication, reason.data(),
                            reason.size()),
      rd_kafka_NewTopic_destroy);
  if (!made) return fail(ErrorCode::invalid_argument, request.what() + ": " + reason.data());
  for (const auto& [name, value] : topic.settings) {
    rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
  }
  std::array<rd_kafka_NewTopic_t*, 1> topics = {made.get()};
  rd_kafka_CreateTopics(handle_.get(), topics.data(), 1, request.options(), request.queue());
  BB_ASSIGN_OR_RETURN(const AdminAnswer event, request.answer());
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_CreateTopics_result(event.get());
  BB_RETURN_IF_ERROR(
      topic_outcome(rd_kafka_CreateTopics_result_topics(answer, &count), count, request.what()));
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
  const AdminRequest request(handle_.get(), RD_KAFKA_ADMIN_OP_ALTERCONFIGS,
                             "settings of topic " + name, patience_);
  const Resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
  for (const auto& [setting, value] : settings) {
    rd_kafka_ConfigResource_set_config(resource.get(), setting.c_str(), value.c_str());
  }
  std::array<rd_kafka_ConfigResource_t*, 1> resources = {resource.get()};
  rd_kafka_AlterConfigs(handle_.get(), resources.data(), 1, request.options(), request.queue());
  BB_ASSIGN_OR_RETURN(const AdminAnswer event, request.answer());
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_AlterConfigs_result(event.get());
  return resource_outcome(rd_kafka_AlterConfigs_result_resources(answer, &count), count,
                          request.what());
}

Status Admin::add_partitions(const std::string& name, std::int32_t total) {
  const AdminRequest request(handle_.get(), RD_KAFKA_ADMIN_OP_CREATEPARTITIONS,
                             "partitions of topic " + name, patience_);
  std::array<char, 256> reason{};
  std::unique_ptr<rd_kafka_NewPartitions_t, decltype(&rd_kafka_NewPartitions_destroy)> wanted(
      rd_kafka_NewPartitions_new(name.c_str(), static_cast<std::size_t>(total), reason.data(),
                                 reason.size()),
      rd_kafka_NewPartitions_destroy);
  if (!wanted) return fail(ErrorCode::invalid_argument, request.what() + ": " + reason.data());
  std::array<rd_kafka_NewPartitions_t*, 1> all = {wanted.get()};
  rd_kafka_CreatePartitions(handle_.get(), all.data(), 1, request.options(), request.queue());
  BB_ASSIGN_OR_RETURN(const AdminAnswer event, request.answer());
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_CreatePartitions_result(event.get());
  return topic_outcome(rd_kafka_CreatePartitions_result_topics(answer, &count), count,
                       request.what());
}

Status Admin::delete_topic(const std::string& name) {
  const std::unique_ptr<rd_kafka_DeleteTopic_t, decltype(&rd_kafka_DeleteTopic_destroy)> gone(
      rd_kafka_DeleteTopic_new(name.c_str()), rd_kafka_DeleteTopic_destroy);
  const AdminRequest request(handle_.get(), RD_KAFKA_ADMIN_OP_DELETETOPICS, "delete topic " + name,
                             patience_);
  std::array<rd_kafka_DeleteTopic_t*, 1> topics = {gone.get()};
  rd_kafka_DeleteTopics(handle_.get(), topics.data(), 1, request.options(), request.queue());
  BB_ASSIGN_OR_RETURN(const AdminAnswer event, request.answer());
  std::size_t count = 0;
  const auto* answer = rd_kafka_event_DeleteTopics_result(event.get());
  return topic_outcome(rd_kafka_DeleteTopics_result_topics(answer, &count), count, request.what());
}

}  // namespace bytebasket::streams::kafka
