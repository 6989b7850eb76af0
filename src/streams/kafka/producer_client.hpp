// One client of the client library that writes: it lives until it is closed or fails for good.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "streams/event_log.hpp"
#include "streams/kafka/handle.hpp"
#include "streams/kafka/options.hpp"
#include "streams/kafka/pending_append.hpp"

struct rd_kafka_message_s;

namespace bytebasket::streams::kafka {

class Producer;

class ProducerClient {
 public:
  static Result<std::shared_ptr<ProducerClient>> open(const KafkaLogOptions& options,
                                                      Producer& producer);
  /// Everything must be answered.
  ~ProducerClient();

  /// Hands over the records of one append. Each is answered once, from the client's thread or from
  /// here.
  void send(const std::vector<NewRecord>& records, PendingAppend& append);

  /// Waits at most `patience` for what is under way, then gives the rest up: all is answered.
  void drain(Milliseconds patience);

  void fail_for_test();

 private:
  explicit ProducerClient(Producer& producer) : producer_(producer) {}

  static void on_delivery(rd_kafka_s* handle, const rd_kafka_message_s* message, void* self);
  static void on_error(rd_kafka_s* handle, int code, const char* reason, void* self);
  int send_one(const NewRecord& record, PendingRecord& pending);
  void finish(PendingRecord& record, int code, bool unsure, std::int64_t offset);
  void poll();

  Producer& producer_;
  Handle handle_;
  std::array<Topic, stream_count> topics_;
  std::atomic<bool> stopping_ = false;
  std::thread poller_;
};

}  // namespace bytebasket::streams::kafka
