#include "streams/embedded/append_queue.hpp"

#include <algorithm>
#include <utility>

#include "streams/embedded/record_codec.hpp"

namespace bytebasket::streams {
namespace {

/// An upper bound of what a record takes once it is encoded: the lengths are varints of at most 5
/// bytes each.
std::size_t encoded_size(const NewRecord& record) { return size_of(record) + 32; }

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
    BB_ASSIGN_OR_RETURN(const Place place, place_of(records[i], topology, max_record_bytes));
    indexes[i] = place.index;
    Share& share = shares[place.index];
    share.bytes += encoded_size(records[i]);
    pending.places[i] = {place.where, Offset(share.records++)};
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
    BB_RETURN_IF_ERROR(room_.take(pending.places.size(), pending.bytes));
    pending_.push_back(std::move(pending));
  }
  not_empty_.notify_one();
  return ok();
}

std::vector<PendingAppend> AppendQueue::take(std::size_t max_bytes) {
  std::unique_lock lock(mutex_);
  room_.give_back(std::exchange(taken_records_, 0), std::exchange(taken_bytes_, 0));
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
