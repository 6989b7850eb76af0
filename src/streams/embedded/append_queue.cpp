#include "streams/embedded/append_queue.hpp"

#include <algorithm>
#include <utility>

#include "streams/embedded/record_codec.hpp"

namespace bytebasket::streams {
namespace {

/// An upper bound of what a record takes once it is encoded: the lengths are varints of at most 5
/// bytes each.
std::size_t encoded_size(const NewRecord& record) {
  return record.key.size() + record.value.size() + record.detail.size() + 32;
}

Result<std::size_t> place_record(const NewRecord& record, const Topology& topology,
                                 std::size_t max_record_bytes, TopicPartition& where) {
  const std::size_t size = record.key.size() + record.value.size() + record.detail.size();
  if (size > max_record_bytes) {
    return fail(ErrorCode::invalid_argument,
                "a record for stream " + std::string(name_of(record.stream)) + " has " +
                    std::to_string(size) + " bytes; the log takes at most " +
                    std::to_string(max_record_bytes));
  }
  where = {record.stream,
           record.partition.value_or(topology.partition_of(record.stream, record.key))};
  const auto index = topology.index_of(where);
  if (!index) {
    return fail(ErrorCode::invalid_argument,
                "there is no partition " + to_string(where) + ": the stream has " +
                    std::to_string(topology.partitions(record.stream)));
  }
  return *index;
}

}  // namespace

Result<PendingAppend> encode_append(const std::vector<NewRecord>& records, const Topology& topology,
                                    std::size_t max_record_bytes, std::size_t max_segment_bytes) {
  struct Share {
    std::int64_t records = 0;
    std::size_t bytes = 0;  ///< still to be encoded
    std::size_t segment = SIZE_MAX;
  };
  std::vector<Share> shares(topology.size());
  std::vector<std::size_t> indexes(records.size());
  PendingAppend pending;
  pending.places.resize(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    TopicPartition& where = pending.places[i].where;
    BB_ASSIGN_OR_RETURN(indexes[i], place_record(records[i], topology, max_record_bytes, where));
    Share& share = shares[indexes[i]];
    share.bytes += encoded_size(records[i]);
    pending.places[i].offset = Offset(share.records++);
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    Share& share = shares[indexes[i]];
    const std::size_t size = encoded_size(records[i]);
    if (share.segment == SIZE_MAX ||
        pending.segments[share.segment].bytes.size() + size > max_segment_bytes) {
      share.segment = pending.segments.size();
      pending.segments.push_back({indexes[i], 0, {}});
      pending.segments.back().bytes.reserve(std::min(share.bytes, max_segment_bytes));
    }
    share.bytes -= size;
    Segment& segment = pending.segments[share.segment];
    append_record(segment.bytes, records[i]);
    ++segment.records;
  }
  for (const Segment& segment : pending.segments) pending.bytes += segment.bytes.size();
  return pending;
}

Status AppendQueue::push(PendingAppend& pending) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return fail(ErrorCode::cancelled, "the event log is closed");
    const bool full =
        records_ + pending.places.size() > max_records_ || bytes_ + pending.bytes > max_bytes_;
    if (full && records_ != 0) {
      return fail(ErrorCode::resource_exhausted,
                  "the append queue of the event log is full (" + std::to_string(records_) +
                      " records, " + std::to_string(bytes_) + " bytes): try again later");
    }
    records_ += pending.places.size();
    bytes_ += pending.bytes;
    pending_.push_back(std::move(pending));
  }
  not_empty_.notify_one();
  return ok();
}

std::vector<PendingAppend> AppendQueue::take(std::size_t max_bytes) {
  std::unique_lock lock(mutex_);
  records_ -= std::exchange(taken_records_, 0);
  bytes_ -= std::exchange(taken_bytes_, 0);
  not_empty_.wait(lock, [this] { return closed_ || !pending_.empty(); });
  std::vector<PendingAppend> taken;
  while (!pending_.empty() &&
         (taken.empty() || taken_bytes_ + pending_.front().bytes <= max_bytes)) {
    taken_records_ += pending_.front().places.size();
    taken_bytes_ += pending_.front().bytes;
    taken.push_back(std::move(pending_.front()));
    pending_.pop_front();
  }
  return taken;
}

void AppendQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  not_empty_.notify_all();
}

}  // namespace bytebasket::streams
