#include "streams/kafka/group_assignment.hpp"

#include <utility>

#include <librdkafka/rdkafka.h>

#include "base/log.hpp"

namespace bytebasket::streams {
namespace {

struct MessageDeleter {
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using Message = std::unique_ptr<rd_kafka_message_t, MessageDeleter>;

kafka::PartitionList list_of(const KafkaLogOptions& options,
                             const std::vector<TopicPartition>& partitions) {
  kafka::PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const TopicPartition where : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), kafka::topic_name(options, where.stream).c_str(),
                                      where.partition.value());
  }
  return list;
}

std::vector<TopicPartition> partitions_of(const KafkaLogOptions& options,
                                          const rd_kafka_topic_partition_list_t& list) {
  std::vector<TopicPartition> partitions;
  for (int i = 0; i < list.cnt; ++i) {
    for (std::size_t s = 0; s < stream_count; ++s) {
      const auto stream = static_cast<Stream>(s);
      if (kafka::topic_name(options, stream) == list.elems[i].topic)
        partitions.push_back({stream, PartitionId(list.elems[i].partition)});
    }
  }
  return partitions;
}

/// The outcome of a call that gives its error as an object.
Status status_of(rd_kafka_error_t* error, const char* what) {
  if (error == nullptr) return ok();
  Status status = fail(kafka::error_of(rd_kafka_error_code(error), what));
  rd_kafka_error_destroy(error);
  return status;
}

}  // namespace

Result<std::unique_ptr<GroupAssignment>> GroupAssignment::join(KafkaLogOptions options,
                                                               std::string group,
                                                               const std::vector<Stream>& streams) {
  std::unique_ptr<GroupAssignment> member(
      new GroupAssignment(std::move(options), std::move(group)));
  BB_ASSIGN_OR_RETURN(
      kafka::Conf conf,
      kafka::configure(kafka::ClientKind::member, member->options_.properties,
                       {{"group.id", kafka::group_name(member->options_, member->group_)}}));
  rd_kafka_conf_set_opaque(conf.get(), member.get());
  rd_kafka_conf_set_rebalance_cb(
      conf.get(), [](rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list,
                     void* self) { static_cast<GroupAssignment*>(self)->rebalance(code, list); });
  BB_ASSIGN_OR_RETURN(member->handle_,
                      kafka::open_handle(kafka::ClientKind::member, std::move(conf)));
  rd_kafka_poll_set_consumer(member->handle_.get());
  BB_RETURN_IF_ERROR(member->subscribe(streams));
  return member;
}

GroupAssignment::GroupAssignment(KafkaLogOptions options, std::string group)
    : options_(std::move(options)), group_(std::move(group)) {}

GroupAssignment::~GroupAssignment() { leave(); }

Status GroupAssignment::subscribe(const std::vector<Stream>& streams) {
  std::vector<TopicPartition> topics;
  topics.reserve(streams.size());
  for (const Stream stream : streams)
    topics.push_back({stream, PartitionId(RD_KAFKA_PARTITION_UA)});
  const kafka::PartitionList list = list_of(options_, topics);
  const auto code = rd_kafka_subscribe(handle_.get(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fail(kafka::error_of(code, "join the group " + group_));
  return ok();
}

void GroupAssignment::rebalance(int code, rd_kafka_topic_partition_list_s* list) {
  using Kind = AssignmentChange::Kind;
  Status done = ok();
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    // The group only says who owns what: nothing is to be fetched here.
    for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = RD_KAFKA_OFFSET_END;
    done = status_of(rd_kafka_incremental_assign(handle_.get(), list), "take partitions over");
    rd_kafka_pause_partitions(handle_.get(), list);
    changes_.push_back({Kind::assigned, partitions_of(options_, *list)});
  } else if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    const bool lost = rd_kafka_assignment_lost(handle_.get()) != 0;
    // Who leaves has stopped already.
    if (leaving_)
      done = status_of(rd_kafka_incremental_unassign(handle_.get(), list), "give partitions up");
    changes_.push_back({lost ? Kind::lost : Kind::revoked, partitions_of(options_, *list)});
  } else {
    done = status_of(rd_kafka_incremental_unassign(handle_.get(), list), "give partitions up");
  }
  if (!done) spdlog::warn("{}", done.error().message);
}

Result<std::optional<AssignmentChange>> GroupAssignment::poll(Milliseconds wait) {
  if (changes_.empty()) {
    const Message message(rd_kafka_consumer_poll(handle_.get(), static_cast<int>(wait.count())));
    if (message && message->err != RD_KAFKA_RESP_ERR_NO_ERROR &&
        message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      return fail(kafka::error_of(message->err, "group " + group_));
    }
  }
  if (changes_.empty()) return std::optional<AssignmentChange>();
  AssignmentChange change = std::move(changes_.front());
  changes_.pop_front();
  return std::optional(std::move(change));
}

Status GroupAssignment::released(const std::vector<TopicPartition>& partitions) {
  if (partitions.empty()) return ok();
  const kafka::PartitionList list = list_of(options_, partitions);
  return status_of(rd_kafka_incremental_unassign(handle_.get(), list.get()), "give partitions up");
}

Status GroupAssignment::commit(TopicPartition where, Offset next) {
  const kafka::PartitionList list = list_of(options_, {where});
  list->elems[0].offset = next.value();
  auto code = rd_kafka_commit(handle_.get(), list.get(), 0);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = list->elems[0].err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fail(kafka::error_of(code, "commit of '" + group_ + "' in " + to_string(where)));
  return ok();
}

void GroupAssignment::leave() {
  if (leaving_ || !handle_) return;
  leaving_ = true;
  rd_kafka_consumer_close(handle_.get());
}

}  // namespace bytebasket::streams
