// Any event log, with what it does counted.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::streams {

/// Hands every call on. An append that fails says so in `counters.trouble` until one succeeds.
class CountedLog final : public EventLog {
 public:
  /// `counters` must outlive it.
  CountedLog(std::unique_ptr<EventLog> log, LogCounters& counters)
      : log_(std::move(log)), counters_(counters) {}

  [[nodiscard]] std::int32_t partitions(Stream stream) const override {
    return log_->partitions(stream);
  }
  void append(std::vector<NewRecord> records, AppendCallback done) override;
  Result<RecordBatch> read(TopicPartition where, Offset from, const ReadLimits& limits) override {
    return log_->read(where, from, limits);
  }
  Result<LogRange> range(TopicPartition where) override { return log_->range(where); }
  Status commit(std::string_view group, TopicPartition where, Offset next) override {
    return log_->commit(group, where, next);
  }
  Result<std::optional<Offset>> committed(std::string_view group, TopicPartition where) override {
    return log_->committed(group, where);
  }
  Result<std::uint64_t> apply_retention(TopicPartition where, const LogRetention& retention,
                                        Offset keep_from, Timestamp now) override {
    return log_->apply_retention(where, retention, keep_from, now);
  }
  Result<std::uint64_t> size_in_bytes(TopicPartition where) override {
    return log_->size_in_bytes(where);
  }
  void close() override { log_->close(); }

 private:
  std::unique_ptr<EventLog> log_;
  LogCounters& counters_;
};

}  // namespace bytebasket::streams
