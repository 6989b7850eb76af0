#include "streams/kafka/group_positions.hpp"

#include <utility>

#include <librdkafka/rdkafka.h>

namespace bytebasket::streams::kafka {
namespace {

std::string described(std::string_view what, std::string_view group, TopicPartition where) {
  return std::string(what) + " of '" + std::string(group) + "' in " + to_string(where);
}

}  // namespace

Result<rd_kafka_s*> GroupPositions::client_of(std::string_view group) {
  const std::lock_guard lock(mutex_);
  if (const auto found = clients_.find(group); found != clients_.end()) return found->second.get();
  BB_ASSIGN_OR_RETURN(Conf conf, configure(ClientKind::member, options_.properties,
                                           {{"group.id", group_name(options_, group)}}));
  BB_ASSIGN_OR_RETURN(Handle handle, open_handle(ClientKind::member, std::move(conf)));
  return clients_.emplace(group, std::move(handle)).first->second.get();
}

Status GroupPositions::commit(std::string_view group, TopicPartition where, Offset next) {
  BB_ASSIGN_OR_RETURN(rd_kafka_t * client, client_of(group));
  const PartitionList list =
      one_partition(topic_name(options_, where.stream), where.partition.value(), next.value());
  const auto code = rd_kafka_commit(client, list.get(), 0);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fail(error_of(code, described("commit", group, where)));
  return ok();
}

Result<std::optional<Offset>> GroupPositions::committed(std::string_view group,
                                                        TopicPartition where) {
  BB_ASSIGN_OR_RETURN(rd_kafka_t * client, client_of(group));
  const PartitionList list = one_partition(topic_name(options_, where.stream),
                                           where.partition.value(), RD_KAFKA_OFFSET_INVALID);
  auto code = rd_kafka_committed(client, list.get(), static_cast<int>(options_.patience.count()));
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = list->elems[0].err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fail(error_of(code, described("position", group, where)));
  const std::int64_t offset = list->elems[0].offset;
  if (offset < 0) return std::optional<Offset>();
  return std::optional(Offset(offset));
}

}  // namespace bytebasket::streams::kafka
