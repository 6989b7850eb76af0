// Engines that live in memory, for tests of what stands above them: a log that is a list, tables
// that are a map and can be made to fail in the middle of a write, as a crash leaves a store
// without atomic writes.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::testing {

class InMemoryLog : public streams::EventLog {
 public:
  explicit InMemoryLog(std::int32_t partitions) : partitions_(partitions) {}

  [[nodiscard]] std::int32_t partitions(streams::Stream stream) const override {
    return stream == streams::Stream::user_activity ? partitions_ : 1;
  }

  void append(std::vector<streams::NewRecord> records, AppendCallback done) override {
    std::vector<streams::AppendedAt> appended;
    {
      const std::lock_guard lock(mutex_);
      for (auto& record : records) {
        const auto count = static_cast<std::uint64_t>(partitions(record.stream));
        const PartitionId partition = record.partition.value_or(
            PartitionId(static_cast<std::int32_t>(hash64(record.key) % count)));
        auto& stored = stored_[{record.stream, partition}];
        appended.push_back(
            {{record.stream, partition}, Offset(static_cast<std::int64_t>(stored.size()))});
        stored.push_back({std::move(record), now_});
      }
    }
    done(std::move(appended));
  }

  Result<streams::RecordBatch> read(streams::TopicPartition where, Offset from,
                                    const streams::ReadLimits& limits) override {
    const std::lock_guard lock(mutex_);
    std::vector<streams::Record> records;
    std::vector<std::unique_ptr<std::string>> buffers;
    streams::PassedOver passed_over;
    bool may_pass_over = limits.passes_over != nullptr;
    const auto& stored = stored_[where];
    for (auto at = static_cast<std::size_t>(from.value());
         at < stored.size() && records.size() + passed_over.count < limits.max_records; ++at) {
      const auto& [record, time] = stored[at];
      buffers.push_back(
          std::make_unique<std::string>(std::string(record.value) + std::string(64, ' ')));
      may_pass_over = may_pass_over && record.type != streams::RecordType::control;
      if (may_pass_over &&
          limits.passes_over(std::string_view(*buffers.back()).substr(0, record.value.size()))) {
        passed_over = {passed_over.count + 1, Offset(static_cast<std::int64_t>(at))};
        continue;
      }
      records.push_back({.offset = Offset(static_cast<std::int64_t>(at)),
                         .append_time = time,
                         .received_at = record.received_at,
                         .type = record.type,
                         .key = record.key,
                         .value = std::string_view(*buffers.back()).substr(0, record.value.size()),
                         .detail = record.detail});
    }
    return streams::RecordBatch(std::move(records), std::move(buffers), passed_over);
  }

  Result<streams::LogRange> range(streams::TopicPartition where) override {
    const std::lock_guard lock(mutex_);
    return streams::LogRange{Epoch(1), Offset(0),
                             Offset(static_cast<std::int64_t>(stored_[where].size()))};
  }
  Status commit(std::string_view, streams::TopicPartition, Offset) override { return ok(); }
  Result<std::optional<Offset>> committed(std::string_view, streams::TopicPartition) override {
    return std::nullopt;
  }
  Result<std::uint64_t> apply_retention(streams::TopicPartition, const streams::LogRetention&,
                                        Offset, Timestamp) override {
    return 0;
  }
  Result<std::uint64_t> size_in_bytes(streams::TopicPartition) override { return 0; }
  void close() override {}

  void set_now(Timestamp now) { now_ = now; }

 private:
  struct Stored {
    streams::NewRecord record;
    Timestamp time;
  };

  const std::int32_t partitions_;
  std::mutex mutex_;
  std::map<streams::TopicPartition, std::deque<Stored>> stored_;
  Timestamp now_;
};

class InMemoryTables final : public storage::TableStore {
 public:
  explicit InMemoryTables(bool atomic) : atomic_(atomic) {}

  [[nodiscard]] bool atomic_writes() const override { return atomic_; }

  /// From the `writes`-th write on everything fails; of that one, the table partitions for which
  /// `keep` says so are stored, each whole.
  void fail_after(int writes, std::function<bool()> keep) {
    left_ = writes;
    keep_ = std::move(keep);
  }
  void heal() { left_.reset(); }

  void write(std::vector<storage::Mutation> mutations, WriteCallback done) override {
    if (left_ && (*left_)-- <= 0) {
      std::map<std::pair<storage::TableId, std::string>, bool> kept;
      if (!atomic_ && *left_ == -1) {
        for (const auto& mutation : mutations) {
          const auto partition = std::pair(mutation.key.table, mutation.key.partition);
          if (!kept.contains(partition)) kept[partition] = keep_();
          if (kept[partition]) put(mutation);
        }
      }
      return done(fail(ErrorCode::internal, "the store is gone"));
    }
    for (const auto& mutation : mutations) put(mutation);
    done(ok());
  }

  void get(std::vector<storage::RowKey> keys, GetCallback done) override {
    std::vector<std::optional<storage::StoredRow>> rows;
    for (const auto& key : keys) {
      const auto found = rows_.find(key);
      const bool there = found != rows_.end() && !found->second.value.empty();
      rows.push_back(there ? std::optional(found->second) : std::nullopt);
    }
    done(std::move(rows));
  }

  void scan(storage::ScanRequest request, ScanCallback done) override {
    storage::ScanPage page;
    for (const auto& [key, row] : rows_) {
      if (key.table != request.table || key.partition != request.partition ||
          key.clustering < request.from)
        continue;
      if (!request.until.empty() && key.clustering >= request.until) continue;
      if (!row.value.empty()) page.rows.push_back(row);
    }
    if (request.reverse) std::reverse(page.rows.begin(), page.rows.end());
    done(std::move(page));
  }

  void enumerate(storage::EnumerationRequest request, EnumerateCallback done) override {
    storage::EnumerationPage page;
    for (const auto& [key, row] : rows_) {
      if (key.table == request.table) page.rows.push_back({key, row.value, row.position});
    }
    done(std::move(page));
  }

  void compare_and_set(storage::RowKey key, std::optional<std::string> expected, std::string value,
                       SwapCallback done) override {
    if (left_ && *left_ < 0) return done(fail(ErrorCode::internal, "the store is gone"));
    const auto found = rows_.find(key);
    const bool same =
        found == rows_.end() ? !expected : expected && found->second.value == *expected;
    if (same) rows_[key] = {key.clustering, std::move(value), {}};
    done(same);
  }

  Status sync() override { return ok(); }
  Status compact() override { return ok(); }
  void close() override {}

  /// Every row that is there, without those that say how far processing is.
  [[nodiscard]] std::map<storage::RowKey, std::string> contents() const {
    std::map<storage::RowKey, std::string> contents;
    for (const auto& [key, row] : rows_) {
      if (!row.value.empty() && key.table != storage::TableId::job_state &&
          key.table != storage::TableId::flush_intents)
        contents[key] = row.value;
    }
    return contents;
  }

 private:
  void put(const storage::Mutation& mutation) {
    auto& row = rows_[mutation.key];
    if (row.position > mutation.position) return;
    row = {mutation.key.clustering, mutation.value, mutation.position};
  }

  const bool atomic_;
  std::map<storage::RowKey, storage::StoredRow> rows_;
  std::optional<int> left_;
  std::function<bool()> keep_;
};

}  // namespace bytebasket::testing
