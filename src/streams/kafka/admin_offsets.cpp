#include <array>
#include <chrono>
#include <thread>

#include <librdkafka/rdkafka.h>

#include "streams/kafka/admin.hpp"
#include "streams/kafka/admin_request.hpp"

namespace bytebasket::streams::kafka {
namespace {

/// Between two questions while a partition gets a new leader.
constexpr Milliseconds election_pause{100};

bool names_wrong_leader(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH ||
         code == RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH;
}

}  // namespace

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
  const PartitionList list = one_partition(topic, partition, offset.value());
  const std::unique_ptr<rd_kafka_DeleteRecords_t, decltype(&rd_kafka_DeleteRecords_destroy)> wanted(
      rd_kafka_DeleteRecords_new(list.get()), rd_kafka_DeleteRecords_destroy);
  const AdminRequest request(handle_.get(), RD_KAFKA_ADMIN_OP_DELETERECORDS,
                             "delete records of " + topic + "/" + std::to_string(partition),
                             patience_);
  std::array<rd_kafka_DeleteRecords_t*, 1> all = {wanted.get()};
  rd_kafka_DeleteRecords(handle_.get(), all.data(), 1, request.options(), request.queue());
  BB_ASSIGN_OR_RETURN(const AdminAnswer event, request.answer());
  const auto* answer = rd_kafka_event_DeleteRecords_result(event.get());
  const auto* partitions = rd_kafka_DeleteRecords_result_offsets(answer);
  for (int i = 0; i < partitions->cnt; ++i) {
    BB_RETURN_IF_ERROR(status_of(partitions->elems[i].err, nullptr, request.what()));
  }
  return ok();
}

}  // namespace bytebasket::streams::kafka
