// What is measured against: librdkafka as anybody would use it, with the same properties and
// headers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <librdkafka/rdkafka.h>

#include "cases/measure.hpp"
#include "streams/kafka/kafka_log.hpp"
#include "streams/kafka/record_headers.hpp"

namespace bytebasket::bench {

using streams::KafkaLogOptions;
using streams::NewRecord;
using streams::Stream;
namespace kafka = streams::kafka;

inline constexpr std::size_t call = 500;  ///< records of one append()

/// A bare client that writes the transactions topic of `options`.
class BareWriter {
 public:
  explicit BareWriter(const KafkaLogOptions& options) : most_queued_(options.max_queued_records) {
    auto conf = kafka::configure(kafka::ClientKind::producer, options.properties);
    if (!conf) die(conf.error().message);
    rd_kafka_conf_set_opaque(conf->get(), this);
    rd_kafka_conf_set_dr_msg_cb(conf->get(), count_delivery);
    auto handle = kafka::open_handle(kafka::ClientKind::producer, std::move(*conf));
    if (!handle) die(handle.error().message);
    handle_ = std::move(*handle);
    topic_ = std::move(
        *kafka::open_topic(handle_.get(), kafka::topic_name(options, Stream::transactions)));
  }

  /// Returns when all are acknowledged.
  void write(const std::vector<NewRecord>& records, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const NewRecord& record = records[i % records.size()];
      auto* headers = kafka::make_headers(record);
      const auto code = rd_kafka_producev(
          handle_.get(), RD_KAFKA_V_RKT(topic_.get()), RD_KAFKA_V_PARTITION(0),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
          RD_KAFKA_V_VALUE(const_cast<char*>(record.value.data()), record.value.size()),
          RD_KAFKA_V_KEY(record.key.data(), record.key.size()), RD_KAFKA_V_HEADERS(headers),
          RD_KAFKA_V_END);
      if (code != RD_KAFKA_RESP_ERR_NO_ERROR) die(rd_kafka_err2str(code));
      ++under_way_;
      // As many under way as the log allows.
      while (under_way_ > most_queued_) rd_kafka_poll(handle_.get(), 1);
      if (i % call == 0) rd_kafka_poll(handle_.get(), 0);
    }
    while (under_way_ > 0) rd_kafka_poll(handle_.get(), 100);
  }

 private:
  static void count_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* writer) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) die(rd_kafka_err2str(message->err));
    --static_cast<BareWriter*>(writer)->under_way_;
  }

  const std::size_t most_queued_;
  std::size_t under_way_ = 0;
  kafka::Handle handle_;
  kafka::Topic topic_;
};

/// A bare client that reads the transactions topic of `options`.
class BareReader {
 public:
  BareReader(const KafkaLogOptions& options, std::size_t from) {
    auto conf = kafka::configure(kafka::ClientKind::reader, options.properties);
    auto handle = kafka::open_handle(kafka::ClientKind::reader, std::move(*conf));
    if (!handle) die(handle.error().message);
    handle_ = std::move(*handle);
    topic_ = std::move(
        *kafka::open_topic(handle_.get(), kafka::topic_name(options, Stream::transactions)));
    if (rd_kafka_consume_start(topic_.get(), 0, static_cast<std::int64_t>(from)) != 0)
      die("cannot read");
  }
  ~BareReader() { rd_kafka_consume_stop(topic_.get(), 0); }
  BareReader(const BareReader&) = delete;
  BareReader& operator=(const BareReader&) = delete;

  template <typename Take>
  void read(std::size_t count, Take take) {
    std::vector<rd_kafka_message_t*> messages(1'000);
    for (std::size_t read = 0; read < count;) {
      const std::size_t room = std::min(messages.size(), count - read);
      const auto got = rd_kafka_consume_batch(topic_.get(), 0, 5, messages.data(), room);
      for (ssize_t i = 0; i < got; ++i) {
        rd_kafka_message_t* message = messages[static_cast<std::size_t>(i)];
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
          ++read;
          take(*message);
        }
        rd_kafka_message_destroy(message);
      }
    }
  }

 private:
  kafka::Handle handle_;
  kafka::Topic topic_;
};

}  // namespace bytebasket::bench
