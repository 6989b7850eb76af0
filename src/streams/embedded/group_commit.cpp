#include "streams/embedded/group_commit.hpp"

#include <algorithm>

#include <rocksdb/write_batch.h>

#include "base/crash_point.hpp"
#include "streams/embedded/log_keys.hpp"
#include "streams/embedded/record_codec.hpp"

namespace bytebasket::streams {

GroupCommit::GroupCommit(rocks::Database& database, const Topology& topology,
                         Partitions& partitions, std::size_t max_batch_bytes)
    : database_(database),
      topology_(topology),
      partitions_(partitions),
      max_batch_bytes_(max_batch_bytes),
      drafts_(topology.size()),
      writes_(std::make_unique<rocksdb::WriteBatch>()) {}

GroupCommit::~GroupCommit() = default;

Status GroupCommit::commit(std::vector<PendingAppend>& group, Timestamp now) {
  writes_->Clear();
  for (Draft& draft : drafts_) draft.touched = false;
  for (PendingAppend& pending : group) add(pending, now);
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    if (drafts_[i].touched) put_batch(i);
  }

  crash_point("log.before_commit");
  BB_RETURN_IF_ERROR(database_.write(*writes_, rocks::Durability::disk));
  crash_point("log.after_commit");

  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    if (drafts_[i].touched) partitions_[i]->set_tail(drafts_[i].tail);
  }
  return ok();
}

void GroupCommit::add(PendingAppend& pending, Timestamp now) {
  for (const Segment& segment : pending.segments) touch(segment.partition, now);
  for (AppendedAt& place : pending.places) {
    const Draft& draft = drafts_[*topology_.index_of(place.where)];
    place.offset = Offset(draft.tail.end.value() + place.offset.value());
  }
  for (const Segment& segment : pending.segments) {
    Draft& draft = drafts_[segment.partition];
    if (draft.batch_records != 0 && draft.batch.size() + segment.bytes.size() > max_batch_bytes_) {
      put_batch(segment.partition);
    }
    draft.batch += segment.bytes;
    draft.batch_records += segment.records;
    draft.tail.end = Offset(draft.tail.end.value() + segment.records);
  }
}

void GroupCommit::touch(std::size_t partition, Timestamp now) {
  Draft& draft = drafts_[partition];
  if (draft.touched) return;
  draft.touched = true;
  draft.tail = partitions_[partition]->tail();
  draft.tail.append_time = std::max(draft.tail.append_time, now);
  draft.batch_base = draft.tail.end;
  draft.batch_records = 0;
  draft.batch.assign(batch_header_size, '\0');
}

void GroupCommit::put_batch(std::size_t partition) {
  Draft& draft = drafts_[partition];
  draft.tail.end_bytes += draft.batch.size();
  seal_batch(draft.batch, {draft.tail.append_time, draft.batch_records, draft.tail.end_bytes});
  // A WriteBatch refuses only keys and values beyond 4 GiB.
  writes_->Put(database_.family(family_of(partition)), batch_key(draft.batch_base), draft.batch)
      .PermitUncheckedError();
  draft.batch_base = draft.tail.end;
  draft.batch_records = 0;
  draft.batch.resize(batch_header_size);
}

}  // namespace bytebasket::streams
