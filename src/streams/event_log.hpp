// The event log: two streams and a dead-letter stream beside each, cut into partitions, durable,
// read by offset.
//
// One interface for the embedded engine and for Apache Kafka, so it is made for the remote one:
// appends are batched and answered later, reads are batched and may wait, and every call can fail
// with `unavailable`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "base/shared_text.hpp"
#include "base/time.hpp"

namespace bytebasket::streams {

/// The streams of the system. Their topic names are `bytebasket.<name>.v1`.
enum class Stream : std::uint8_t {
  user_activity,
  transactions,
  user_activity_dlq,
  transactions_dlq,
};
inline constexpr std::size_t stream_count = 4;

/// `user-activity`, `transactions`, `user-activity.dlq`, `transactions.dlq`
std::string_view name_of(Stream stream);
/// `bytebasket.user-activity.v1`, `bytebasket.user-activity.v1.dlq`, …
std::string topic_of(Stream stream);
std::optional<Stream> stream_named(std::string_view name);
/// The dead-letter stream beside a stream.
Stream dead_letters_of(Stream stream);

struct TopicPartition {
  Stream stream = Stream::user_activity;
  PartitionId partition;
  auto operator<=>(const TopicPartition&) const = default;
};
/// `user-activity/2`
std::string to_string(TopicPartition where);

/// What a record is. Everything that changes results is in the log, so definitions and erasures are
/// records too.
enum class RecordType : std::uint8_t {
  event = 0,        ///< a canonical event (JSON)
  control = 1,      ///< a definition that acts from this offset on (JSON), in every partition
  dead_letter = 2,  ///< a refused payload; `detail` holds the reason (JSON)
};

/// A record on its way into the log.
struct NewRecord {
  Stream stream = Stream::user_activity;
  SharedText key;    ///< decides the partition (hash64(key) % partitions) unless `partition` is set
  SharedText value;  ///< canonical JSON, or the refused bytes of a dead letter
  std::string detail;  ///< for dead letters the reason as JSON; otherwise empty
  Timestamp received_at;
  RecordType type = RecordType::event;
  std::optional<PartitionId> partition;
};

/// Where a record came to stand.
struct AppendedAt {
  TopicPartition where;
  Offset offset;  ///< -1 where the engine knows that it is durable, but not yet its place
};

/// So many bytes behind a record's value can be read, whatever stands there: whoever looks at it in
/// wide steps, as simdjson does, need not take care where it ends.
inline constexpr std::size_t value_padding = 64;

/// A record as it is read. The views live as long as the RecordBatch they came in.
struct Record {
  Offset offset;
  /// The log's own clock. It does not decrease within a partition while one machine leads it; with
  /// Kafka another broker whose clock is behind may take over.
  Timestamp append_time;
  Timestamp received_at;
  RecordType type = RecordType::event;
  std::string_view key;
  std::string_view value;  ///< at least `value_padding` readable bytes follow it
  std::string_view detail;
};

/// Events that were read and are not in the batch, because whoever reads passes over such.
struct PassedOver {
  std::size_t count = 0;
  Offset last{-1};  ///< the last of them
};

/// Records in order of their offsets, and the memory they stand in. Movable; moving keeps the views
/// valid.
class RecordBatch {
 public:
  RecordBatch() = default;
  RecordBatch(std::vector<Record> records, std::vector<std::unique_ptr<std::string>> buffers,
              PassedOver passed_over = {})
      : records_(std::move(records)), buffers_(std::move(buffers)), passed_over_(passed_over) {}

  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  /// For whoever hands a batch on with some records left out or replaced.
  [[nodiscard]] std::vector<Record>& records() { return records_; }
  /// Where nothing was read; a batch whose events were all passed over is not empty.
  [[nodiscard]] bool empty() const { return size() == 0; }
  /// With those that were passed over.
  [[nodiscard]] std::size_t size() const { return records_.size() + passed_over_.count; }
  [[nodiscard]] std::size_t passed_over() const { return passed_over_.count; }
  /// The last that was read; there must be one.
  [[nodiscard]] Offset last() const {
    return records_.empty() ? passed_over_.last
                            : std::max(records_.back().offset, passed_over_.last);
  }

 private:
  std::vector<Record> records_;
  std::vector<std::unique_ptr<std::string>> buffers_;
  PassedOver passed_over_;
};

/// What a partition holds at present.
struct LogRange {
  Epoch epoch;
  Offset first;  ///< the oldest offset still kept
  Offset end;    ///< one past the newest durable record
};

struct ReadLimits {
  std::size_t max_records = 10'000;
  std::size_t max_bytes = 1 << 20;  ///< little enough to be read again from the caches
  Milliseconds max_wait{0};         ///< how long to wait when there is nothing beyond `from` yet
  /// Says of an event by how its value begins (`value_padding` readable bytes follow what it is
  /// shown) that it need not be handed out. An engine for which that is cheaper leaves such events
  /// out and counts them; none behind a control record, which may change what is wanted. It may
  /// show less than what it hands out, so what it hands out may yet be such an event.
  std::function<bool(std::string_view beginning)> passes_over;
};

/// How long records are kept. Nothing at or beyond `keep_from` (what is not yet processed
/// everywhere) is ever removed.
struct LogRetention {
  Milliseconds max_age = Milliseconds::max();
  std::uint64_t max_bytes = UINT64_MAX;  ///< per partition
};

/// The log. All members are thread-safe.
class EventLog {
 public:
  /// One result for each record, in the order they were handed in; or the error for all of them. An
  /// error of `timed_out` means that some may have been written: append again, processing drops the
  /// duplicates.
  using AppendCallback = std::function<void(Result<std::vector<AppendedAt>>)>;

  virtual ~EventLog() = default;

  [[nodiscard]] virtual std::int32_t partitions(Stream stream) const = 0;

  /// Hands over records. `done` is called once, from a thread of the engine, when they are durable
  /// (on disk and fsynced; acknowledged by all in-sync replicas) or have failed; it must not block.
  /// When the engine's bounded queue is full `done` gets `resource_exhausted` at once: tell the
  /// client to come back later.
  virtual void append(std::vector<NewRecord> records, AppendCallback done) = 0;

  /// Durable records from `from` on, in order and none left out, at most what `limits` say (but at
  /// least one record if there is any). Offsets may skip numbers: Kafka gives some to marks of its
  /// own. Empty when nothing came within `limits.max_wait`.
  /// `not_found` when `from` has been removed by retention, `invalid_argument` when it lies beyond
  /// the end.
  virtual Result<RecordBatch> read(TopicPartition where, Offset from, const ReadLimits& limits) = 0;

  virtual Result<LogRange> range(TopicPartition where) = 0;

  /// The offset a consumer group goes on from (exclusive: one past what it has done). Stored
  /// durably enough that it is never ahead of what the group had finished.
  virtual Status commit(std::string_view group, TopicPartition where, Offset next) = 0;
  virtual Result<std::optional<Offset>> committed(std::string_view group, TopicPartition where) = 0;

  /// Removes what `retention` no longer wants, but nothing at or beyond `keep_from`. Returns the
  /// number of records removed.
  virtual Result<std::uint64_t> apply_retention(TopicPartition where, const LogRetention& retention,
                                                Offset keep_from, Timestamp now) = 0;

  /// Bytes held by a partition, for retention and for people: an estimate where the engine cannot
  /// tell.
  virtual Result<std::uint64_t> size_in_bytes(TopicPartition where) = 0;

  /// Ends waiting reads with `cancelled` and answers what is queued. Called once, before
  /// destruction.
  virtual void close() = 0;
};

/// append() and wait for its answer: for control records, tools and tests.
Result<std::vector<AppendedAt>> append_and_wait(EventLog& log, std::vector<NewRecord> records);

}  // namespace bytebasket::streams
