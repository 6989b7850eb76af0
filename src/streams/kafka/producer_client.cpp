#include "streams/kafka/producer_client.hpp"

#include <utility>

#include <librdkafka/rdkafka.h>

#include "base/log.hpp"
#include "streams/kafka/producer.hpp"
#include "streams/kafka/record_headers.hpp"

namespace bytebasket::streams::kafka {
namespace {

constexpr int poll_ms = 100;

}  // namespace

Result<std::shared_ptr<ProducerClient>> ProducerClient::open(const KafkaLogOptions& options,
                                                             Producer& producer) {
  BB_ASSIGN_OR_RETURN(Conf conf, configure(ClientKind::producer, options.properties));
  std::shared_ptr<ProducerClient> client(new ProducerClient(producer));
  rd_kafka_conf_set_opaque(conf.get(), client.get());
  rd_kafka_conf_set_dr_msg_cb(conf.get(), &ProducerClient::on_delivery);
  rd_kafka_conf_set_error_cb(conf.get(), &ProducerClient::on_error);
  BB_ASSIGN_OR_RETURN(client->handle_, open_handle(ClientKind::producer, std::move(conf)));
  for (std::size_t i = 0; i < stream_count; ++i) {
    BB_ASSIGN_OR_RETURN(
        client->topics_[i],
        open_topic(client->handle_.get(), topic_name(options, static_cast<Stream>(i))));
  }
  client->poller_ = std::thread([client = client.get()] { client->poll(); });
  return client;
}

ProducerClient::~ProducerClient() {
  stopping_ = true;
  if (poller_.joinable()) poller_.join();
}

void ProducerClient::poll() {
  while (!stopping_) rd_kafka_poll(handle_.get(), poll_ms);
}

void ProducerClient::send(const std::vector<NewRecord>& records, PendingAppend& append) {
  const std::size_t count = records.size();
  for (std::size_t i = 0; i < count; ++i) {
    // After the last one is handed over `append` may be gone.
    PendingRecord& pending = append.records[i];
    const int code = send_one(records[i], pending);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) finish(pending, code, false, -1);
  }
}

int ProducerClient::send_one(const NewRecord& record, PendingRecord& pending) {
  const auto stream = static_cast<std::size_t>(record.stream);
  rd_kafka_headers_t* headers = make_headers(record);
  const auto code = rd_kafka_producev(
      handle_.get(), RD_KAFKA_V_RKT(topics_[stream].get()),
      RD_KAFKA_V_PARTITION(pending.append->places[pending.index].where.partition.value()),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      // The library's functions take what they only read as void*.
      RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()),
      RD_KAFKA_V_KEY(record.key.data(), record.key.size()), RD_KAFKA_V_HEADERS(headers),
      RD_KAFKA_V_OPAQUE(&pending), RD_KAFKA_V_END);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return code;
}

void ProducerClient::on_delivery(rd_kafka_s*, const rd_kafka_message_s* message, void* self) {
  const bool unsure = message->err != RD_KAFKA_RESP_ERR_NO_ERROR &&
                      rd_kafka_message_status(message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED;
  static_cast<ProducerClient*>(self)->finish(*static_cast<PendingRecord*>(message->_private),
                                             message->err, unsure, message->offset);
}

void ProducerClient::on_error(rd_kafka_s* handle, int code, const char* reason, void* self) {
  if (code != RD_KAFKA_RESP_ERR__FATAL) {
    spdlog::debug("kafka: {}", reason);
    return;
  }
  std::array<char, 512> text{};
  rd_kafka_fatal_error(handle, text.data(), text.size());
  spdlog::warn("kafka: the producer failed ({}) and is replaced", text.data());
  static_cast<ProducerClient*>(self)->producer_.client_failed();
}

void ProducerClient::finish(PendingRecord& record, int code, bool unsure, std::int64_t offset) {
  PendingAppend& append = *record.append;
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    append.places[record.index].offset = Offset(offset < 0 ? -1 : offset);
  } else {
    const std::lock_guard lock(append.mutex);
    append.unsure = append.unsure || unsure;
    if (append.outcome) append.outcome = fail(error_of(code, "append"));
    ++append.failed;
  }
  if (append.open.fetch_sub(1) == 1) producer_.answer(&append);
}

void ProducerClient::drain(Milliseconds patience) {
  if (rd_kafka_flush(handle_.get(), static_cast<int>(patience.count())) ==
      RD_KAFKA_RESP_ERR_NO_ERROR)
    return;
  rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  while (rd_kafka_flush(handle_.get(), poll_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) {
  }
}

void ProducerClient::fail_for_test() {
  rd_kafka_test_fatal_error(handle_.get(), RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
                            "asked for by a test");
}

}  // namespace bytebasket::streams::kafka
