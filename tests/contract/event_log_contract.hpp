// What every event log must do, whatever engine it is. An engine joins by instantiating
// EventLogContract with a function that makes a LogUnderTest.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "streams/event_log.hpp"

namespace bytebasket::streams {

struct LogConditions {
  std::int32_t user_activity_partitions = 4;
  std::size_t max_queued_records = 200'000;
};

/// One log, empty at first. Destroying it removes what it stored.
class LogUnderTest {
 public:
  virtual ~LogUnderTest() = default;
  /// Opens the log: anew, or again with all it held. At most one is open at a time.
  virtual std::unique_ptr<EventLog> open(const LogConditions& conditions) = 0;
};

/// An engine that the suite runs against.
struct LogEngine {
  std::string name;
  std::function<std::unique_ptr<LogUnderTest>()> make;
};
inline std::ostream& operator<<(std::ostream& out, const LogEngine& engine) {
  return out << engine.name;
}

class EventLogContract : public ::testing::TestWithParam<LogEngine> {
 protected:
  EventLogContract() : under_test_(GetParam().make()) { reopen(); }

  void reopen(const LogConditions& conditions = {}) {
    log_.reset();
    log_ = under_test_->open(conditions);
    ASSERT_NE(log_, nullptr);
  }

  EventLog& log() { return *log_; }

  std::vector<AppendedAt> append(std::vector<NewRecord> records) {
    auto result = append_and_wait(*log_, std::move(records));
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result.value_or(std::vector<AppendedAt>());
  }

  std::vector<std::string> values(TopicPartition where, Offset from, ReadLimits limits = {}) {
    auto batch = log_->read(where, from, limits);
    EXPECT_TRUE(batch) << (batch ? "" : batch.error().message);
    std::vector<std::string> found;
    if (batch) {
      for (const Record& record : batch->records()) found.emplace_back(record.value);
    }
    return found;
  }

 private:
  std::unique_ptr<LogUnderTest> under_test_;
  std::unique_ptr<EventLog> log_;
};

inline constexpr TopicPartition transactions{Stream::transactions, PartitionId(0)};

inline NewRecord record(Stream stream, std::string key, std::string value) {
  return {stream,
          std::move(key),
          std::move(value),
          {},
          timestamp_from_ms(1'700'000'000'000),
          RecordType::event,
          {}};
}

/// A record for the transactions stream.
inline NewRecord transaction(std::string value) {
  return record(Stream::transactions, "customer", std::move(value));
}

/// A log with ten appends of ten records of about 1000 bytes in the transactions stream.
class EventLogRetention : public EventLogContract {
 protected:
  EventLogRetention() {
    for (int i = 0; i < 10; ++i) {
      append(std::vector<NewRecord>(10, transaction(std::string(1000, 'x'))));
    }
  }

  static Timestamp much_later() { return SystemClock().now() + std::chrono::hours(24); }
};

}  // namespace bytebasket::streams
