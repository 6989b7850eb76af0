#include <atomic>
#include <chrono>
#include <cstdlib>

#include "contract/event_log_contract.hpp"
#include "streams/kafka/admin.hpp"
#include "streams/kafka/kafka_log.hpp"
#include "support/test_server.hpp"

namespace bytebasket::streams {
namespace {

/// Each has topics of its own.
std::string new_prefix() {
  static std::atomic<int> count = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return "test" + std::to_string(now.count()) + "-" + std::to_string(++count) + ".";
}

class KafkaLogUnderTest final : public LogUnderTest {
 public:
  KafkaLogUnderTest() {
    options_.prefix = new_prefix();
    options_.properties.common["bootstrap.servers"] = testing::test_server("BYTEBASKET_TEST_KAFKA");
    // A reader that is moved waits for its last fetch to end.
    options_.properties.consumer["fetch.wait.max.ms"] = "10";
    options_.properties.producer["linger.ms"] = "1";
  }

  ~KafkaLogUnderTest() override {
    if (!opened_) return;
    auto admin = kafka::Admin::open(options_.properties, options_.patience);
    for (std::size_t i = 0; admin && i < stream_count; ++i) {
      EXPECT_TRUE((*admin)->delete_topic(kafka::topic_name(options_, static_cast<Stream>(i))));
    }
  }

  std::unique_ptr<EventLog> open(const LogConditions& conditions) override {
    if (options_.properties.common["bootstrap.servers"].empty()) {
      ADD_FAILURE() << "start the servers with deploy/local/servers.py, set BYTEBASKET_TEST_KAFKA";
      return nullptr;
    }
    options_.user_activity_partitions = conditions.user_activity_partitions;
    options_.max_queued_records = conditions.max_queued_records;
    auto log = KafkaLog::open(options_);
    EXPECT_TRUE(log) << (log ? "" : log.error().message);
    opened_ = log.has_value();
    return log ? std::move(*log) : nullptr;
  }

 private:
  KafkaLogOptions options_;
  bool opened_ = false;
};

const LogEngine kafka_engine{"kafka", [] { return std::make_unique<KafkaLogUnderTest>(); }};

INSTANTIATE_TEST_SUITE_P(Kafka, EventLogContract, ::testing::Values(kafka_engine));
INSTANTIATE_TEST_SUITE_P(Kafka, EventLogRetention, ::testing::Values(kafka_engine));

}  // namespace
}  // namespace bytebasket::streams
