// librdkafka's handles: configured from its own property names, owned, their messages sent to our
// log.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

struct rd_kafka_conf_s;
struct rd_kafka_queue_s;
struct rd_kafka_s;
struct rd_kafka_topic_partition_list_s;
struct rd_kafka_topic_s;

namespace bytebasket::streams::kafka {

/// Names and values as librdkafka's CONFIGURATION.md has them.
using Properties = std::map<std::string, std::string>;

/// Properties of all clients, and of those that write and those that read.
struct ClientProperties {
  Properties common;
  Properties producer;
  Properties consumer;
};

struct HandleDeleter {
  void operator()(rd_kafka_s* handle) const;
};
struct ConfDeleter {
  void operator()(rd_kafka_conf_s* conf) const;
};
struct TopicDeleter {
  void operator()(rd_kafka_topic_s* topic) const;
};
struct QueueDeleter {
  void operator()(rd_kafka_queue_s* queue) const;
};
struct PartitionListDeleter {
  void operator()(rd_kafka_topic_partition_list_s* list) const;
};
using Handle = std::unique_ptr<rd_kafka_s, HandleDeleter>;
using Conf = std::unique_ptr<rd_kafka_conf_s, ConfDeleter>;
using Topic = std::unique_ptr<rd_kafka_topic_s, TopicDeleter>;
using Queue = std::unique_ptr<rd_kafka_queue_s, QueueDeleter>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_s, PartitionListDeleter>;

/// What a client is for. Each has properties of ours that nobody may change, because the contract
/// of the event log rests on them.
enum class ClientKind : std::uint8_t {
  producer,  ///< idempotent, acks=all
  admin,     ///< asks and creates, writes no records
  reader,    ///< reads committed records of partitions it is told, in no group
  member,    ///< of a consumer group
};

/// Our defaults, then `given`, then what must be so, as a configuration. `invalid_argument` lists
/// every property that librdkafka does not know or take, and every one that must not be set; never
/// the value of a secret.
Result<Conf> configure(ClientKind kind, const ClientProperties& given, const Properties& own = {});

/// Checks all kinds of client as configure() does, without connecting anywhere.
Status check_properties(const ClientProperties& given);

Result<Handle> open_handle(ClientKind kind, Conf conf);

/// A topic that is written or read; its handle must go before the client's.
Result<Topic> open_topic(rd_kafka_s* handle, const std::string& name);

/// A list of one partition, with the offset that a call asks for or sets.
PartitionList one_partition(const std::string& topic, std::int32_t partition, std::int64_t offset);

/// The error of a call: `code` is librdkafka's rd_kafka_resp_err_t.
Error error_of(int code, std::string_view what);

}  // namespace bytebasket::streams::kafka
