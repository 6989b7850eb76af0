// Topics of a test's own on the real Kafka that tests run against.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "streams/kafka/admin.hpp"
#include "streams/kafka/kafka_log.hpp"
#include "support/test_server.hpp"

namespace bytebasket::testing {

/// Deletes its topics in the end.
class KafkaUnderTest {
 public:
  KafkaUnderTest() {
    static std::atomic<int> count = 0;
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    options_.prefix = "test" + std::to_string(now) + "-" + std::to_string(++count) + ".";
    options_.properties.common["bootstrap.servers"] = test_server("BYTEBASKET_TEST_KAFKA");
    // A reader that is moved waits for its last fetch to end.
    options_.properties.consumer["fetch.wait.max.ms"] = "10";
    options_.properties.producer["linger.ms"] = "1";
  }

  ~KafkaUnderTest() {
    if (!opened_) return;
    auto admin = streams::kafka::Admin::open(options_.properties, options_.patience);
    for (std::size_t i = 0; admin && i < streams::stream_count; ++i) {
      const auto stream = static_cast<streams::Stream>(i);
      EXPECT_TRUE((*admin)->delete_topic(streams::kafka::topic_name(options_, stream)));
    }
  }
  KafkaUnderTest(const KafkaUnderTest&) = delete;
  KafkaUnderTest& operator=(const KafkaUnderTest&) = delete;

  streams::KafkaLogOptions& options() { return options_; }

  /// Null, and a failure of the test, where there is no server.
  std::unique_ptr<streams::EventLog> open() {
    if (options_.properties.common["bootstrap.servers"].empty()) return nullptr;
    auto log = streams::KafkaLog::open(options_);
    EXPECT_TRUE(log) << (log ? "" : log.error().message);
    opened_ = opened_ || log.has_value();
    return log ? std::move(*log) : nullptr;
  }

 private:
  streams::KafkaLogOptions options_;
  bool opened_ = false;
};

}  // namespace bytebasket::testing
