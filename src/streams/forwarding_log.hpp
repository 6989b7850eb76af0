// What stands before an event log and changes something of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "streams/event_log.hpp"

namespace bytebasket::streams {

/// Hands every call on to another log, which must outlive it; a class made of it overrides what it
/// does otherwise. As thread-safe as that log.
class ForwardingLog : public EventLog {
 public:
  [[nodiscard]] std::int32_t partitions(Stream stream) const override {
    return to_.partitions(stream);
  }
  void append(std::vector<NewRecord> records, AppendCallback done) override {
    to_.append(std::move(records), std::move(done));
  }
  Result<RecordBatch> read(TopicPartition where, Offset from, const ReadLimits& limits) override {
    return to_.read(where, from, limits);
  }
  Result<LogRange> range(TopicPartition where) override { return to_.range(where); }
  Status commit(std::string_view group, TopicPartition where, Offset next) override {
    return to_.commit(group, where, next);
  }
  Result<std::optional<Offset>> committed(std::string_view group, TopicPartition where) override {
    return to_.committed(group, where);
  }
  Result<std::uint64_t> apply_retention(TopicPartition where, const LogRetention& retention,
                                        Offset keep_from, Timestamp now) override {
    return to_.apply_retention(where, retention, keep_from, now);
  }
  Result<std::uint64_t> size_in_bytes(TopicPartition where) override {
    return to_.size_in_bytes(where);
  }
  void close() override { to_.close(); }

 protected:
  explicit ForwardingLog(EventLog& to) : to_(to) {}

 private:
  EventLog& to_;
};

}  // namespace bytebasket::streams
