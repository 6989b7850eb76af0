#include "streams/spooled_log.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace bytebasket::streams {
namespace {

constexpr std::string_view drain_group = "drain";

std::uint64_t bytes_of(const std::vector<NewRecord>& records) {
  std::uint64_t bytes = 0;
  for (const NewRecord& record : records)
    bytes += record.key.size() + record.value.size() + record.detail.size();
  return bytes;
}

bool is_away(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timed_out;
}

}  // namespace

Result<std::unique_ptr<SpooledLog>> SpooledLog::open(std::unique_ptr<EventLog> log,
                                                     std::unique_ptr<EventLog> spool,
                                                     SpoolOptions options, LogCounters& counters) {
  std::unique_ptr<SpooledLog> spooled(
      new SpooledLog(std::move(log), std::move(spool), options, counters));
  BB_ASSIGN_OR_RETURN(const std::uint64_t left, spooled->count_spooled());
  if (left > 0) spooled->way_ = Way::spool;
  if (left > 0) spdlog::info("{} records of the last run wait in the spool", left);
  spooled->drainer_ = std::thread([spooled = spooled.get()] { spooled->drain(); });
  return spooled;
}

SpooledLog::SpooledLog(std::unique_ptr<EventLog> log, std::unique_ptr<EventLog> spool,
                       SpoolOptions options, LogCounters& counters)
    : ForwardingLog(*log),
      log_(std::move(log)),
      spool_(std::move(spool)),
      options_(options),
      counters_(counters) {
  for (std::size_t i = 0; i < stream_count; ++i) {
    const auto stream = static_cast<Stream>(i);
    for (std::int32_t p = 0; p < spool_->partitions(stream); ++p)
      places_.push_back({stream, PartitionId(p)});
  }
}

SpooledLog::~SpooledLog() { close(); }

void SpooledLog::append(std::vector<NewRecord> records, AppendCallback done) {
  {
    std::unique_lock lock(mutex_);
    if (way_ == Way::waiting) {
      const std::uint64_t bytes = bytes_of(records);
      if (waiting_bytes_ + bytes <= options_.max_waiting_bytes) {
        waiting_bytes_ += bytes;
        waiting_.push_back({std::move(records), std::move(done)});
        return;
      }
      lock.unlock();
      return done(fail(ErrorCode::resource_exhausted,
                       "the last of the spool is on its way to the event log: try again later"));
    }
    if (way_ == Way::spool) {
      lock.unlock();
      return append_to_spool(std::move(records), std::move(done));
    }
  }
  append_to_log(std::move(records), std::move(done));
}

void SpooledLog::append_to_log(std::vector<NewRecord> records, AppendCallback done) {
  // The texts are shared, so keeping them costs nothing of their size.
  auto kept = std::make_shared<std::vector<NewRecord>>(records);
  log_->append(std::move(records), [this, kept = std::move(kept), done = std::move(done)](
                                       Result<std::vector<AppendedAt>> result) mutable {
    if (result || !is_away(result.error())) return done(std::move(result));
    {
      const std::lock_guard lock(mutex_);
      if (way_ == Way::log) {
        way_ = Way::spool;
        spdlog::warn("{}: what comes in is kept on this machine's disk until it is back",
                     result.error().message);
      }
    }
    append_to_spool(std::move(*kept), std::move(done));
  });
}

void SpooledLog::append_to_spool(std::vector<NewRecord> records, AppendCallback done) {
  const std::uint64_t bytes = bytes_of(records);
  const std::size_t count = records.size();
  {
    std::unique_lock lock(mutex_);
    if (held_bytes_ + bytes > options_.max_bytes) {
      lock.unlock();
      return done(fail(ErrorCode::resource_exhausted,
                       "the event log is away and the spool is full (" +
                           std::to_string(options_.max_bytes) + " bytes): try again later"));
    }
    held_bytes_ += bytes;
    ++on_the_way_;
  }
  spool_->append(std::move(records), [this, bytes, count, done = std::move(done)](
                                         Result<std::vector<AppendedAt>> result) {
    if (result) {
      counters_.spooled.add(static_cast<std::int64_t>(count));
      for (AppendedAt& place : *result) place.offset = Offset(-1);
    }
    const bool stored = result.has_value();
    done(std::move(result));
    const std::lock_guard lock(mutex_);
    --on_the_way_;
    if (!stored) held_bytes_ -= bytes;
    changed_.notify_all();
  });
}

Result<std::uint64_t> SpooledLog::count_spooled() {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  for (const TopicPartition where : places_) {
    BB_ASSIGN_OR_RETURN(const LogRange range, spool_->range(where));
    BB_ASSIGN_OR_RETURN(const auto moved, spool_->committed(drain_group, where));
    BB_ASSIGN_OR_RETURN(const std::uint64_t size, spool_->size_in_bytes(where));
    const Offset next = std::max(range.first, moved.value_or(range.first));
    records += static_cast<std::uint64_t>(range.end.value() - next.value());
    bytes += size;
  }
  const std::lock_guard lock(mutex_);
  if (on_the_way_ == 0) held_bytes_ = bytes;
  counters_.spooled.set(static_cast<std::int64_t>(records));
  return records;
}

Result<bool> SpooledLog::move_some(TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const LogRange range, spool_->range(where));
  BB_ASSIGN_OR_RETURN(const auto moved, spool_->committed(drain_group, where));
  const Offset from = std::max(range.first, moved.value_or(range.first));
  if (from >= range.end) return true;
  BB_ASSIGN_OR_RETURN(const auto batch,
                      spool_->read(where, from, {.max_records = options_.batch_records}));
  if (batch.empty()) return true;
  std::vector<NewRecord> records;
  records.reserve(batch.size());
  for (const Record& record : batch.records()) {
    records.push_back({.stream = where.stream,
                       .key = std::string(record.key),
                       .value = std::string(record.value),
                       .detail = std::string(record.detail),
                       .received_at = record.received_at,
                       .type = record.type,
                       .partition = where.partition});
  }
  BB_RETURN_IF_ERROR(append_and_wait(*log_, std::move(records)));
  const Offset next = batch.records().back().offset.next();
  BB_RETURN_IF_ERROR(spool_->commit(drain_group, where, next));
  BB_RETURN_IF_ERROR(spool_->apply_retention(where, {.max_bytes = 0}, next, Timestamp()));
  return next >= range.end;
}

Status SpooledLog::move_all() {
  for (const TopicPartition where : places_) {
    for (bool empty = false; !empty;) {
      BB_ASSIGN_OR_RETURN(empty, move_some(where));
    }
  }
  BB_RETURN_IF_ERROR(count_spooled());
  return ok();
}

void SpooledLog::let_go_on(Way way) {
  std::unique_lock lock(mutex_);
  while (!waiting_.empty()) {
    auto waiting = std::exchange(waiting_, {});
    waiting_bytes_ = 0;
    lock.unlock();
    for (auto& [records, done] : waiting) {
      if (way == Way::log) {
        append_to_log(std::move(records), std::move(done));
      } else {
        append_to_spool(std::move(records), std::move(done));
      }
    }
    lock.lock();
  }
  // Something that was on its way to the log may have come to the spool meanwhile.
  way_ = on_the_way_ > 0 || counters_.spooled.value() > 0 ? Way::spool : way;
}

void SpooledLog::drain() {
  const auto closed = [this] { return closed_; };
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closed_ || way_ == Way::spool; });
      if (closed_) return;
    }
    Status moved = move_all();
    if (moved) {
      // Those who come now wait until the last of the spool is moved: a moment.
      std::unique_lock lock(mutex_);
      way_ = Way::waiting;
      changed_.wait(lock, [this] { return on_the_way_ == 0; });
      lock.unlock();
      moved = move_all();
      if (moved) spdlog::info("the event log has all that was kept on this disk");
      let_go_on(moved ? Way::log : Way::spool);
    }
    std::unique_lock lock(mutex_);
    if (!moved) changed_.wait_for(lock, options_.retry, closed);
  }
}

void SpooledLog::close() {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
  }
  changed_.notify_all();
  // What the log cannot take any more is spooled: the spool closes last.
  log_->close();
  if (drainer_.joinable()) drainer_.join();
  spool_->close();
}

}  // namespace bytebasket::streams
