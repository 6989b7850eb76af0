#include "lake/partition_archiver.hpp"

#include <algorithm>
#include <utility>

#include "base/crash_point.hpp"
#include "base/log.hpp"

namespace bytebasket::lake {
namespace {

constexpr Milliseconds one_hour = std::chrono::hours(1);

}  // namespace

PartitionArchiver::PartitionArchiver(streams::EventLog& log, storage::FileStore& store,
                                     streams::TopicPartition where, const ArchiverOptions& options,
                                     const Clock& clock)
    : log_(log), store_(store), where_(where), options_(options), clock_(clock) {}

PartitionArchiver::~PartitionArchiver() = default;

Status PartitionArchiver::start() {
  BB_ASSIGN_OR_RETURN(const auto range, log_.range(where_));
  BB_ASSIGN_OR_RETURN(const auto newest, newest_file(store_, where_, range.epoch));
  BB_ASSIGN_OR_RETURN(archived_, archived_until(store_, where_, range));
  epoch_ = range.epoch;
  next_ = archived_;
  if (!newest) return ok();
  hour_ = newest->hour;
  if (newest->last.next() < range.first) {
    spdlog::warn("lake: the log has lost the records {} to {} of {} before they were archived",
                 newest->last.next().value(), range.first.value() - 1, to_string(where_));
  }
  return ok();
}

Result<std::size_t> PartitionArchiver::step(Milliseconds max_wait) {
  streams::ReadLimits limits = options_.read;
  limits.max_wait = max_wait;
  BB_ASSIGN_OR_RETURN(auto read, log_.read(where_, next_, limits));
  const std::size_t count = read.size();
  if (count > 0) {
    next_ = read.records().back().offset.next();
    BB_RETURN_IF_ERROR(take(std::make_shared<const streams::RecordBatch>(std::move(read))));
  }
  if (writer_ && clock_.now() - begun_ >= options_.file_age) BB_RETURN_IF_ERROR(flush());
  return count;
}

Status PartitionArchiver::take(const std::shared_ptr<const streams::RecordBatch>& batch) {
  const auto& records = batch->records();
  std::size_t begin = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Timestamp hour = std::max(hour_, floor_to(records[i].append_time, one_hour));
    if (hour == hour_) continue;
    BB_RETURN_IF_ERROR(add(batch, begin, i));
    BB_RETURN_IF_ERROR(flush());
    hour_ = hour;
    begin = i;
  }
  return add(batch, begin, records.size());
}

Status PartitionArchiver::add(const std::shared_ptr<const streams::RecordBatch>& batch,
                              std::size_t begin, std::size_t end) {
  if (begin == end) return ok();
  if (!writer_) {
    BB_ASSIGN_OR_RETURN(writer_, LakeWriter::create(store_, where_, epoch_, options_.writer));
    begun_ = clock_.now();
  }
  BB_RETURN_IF_ERROR(writer_->add(batch, begin, end));
  return complete() ? flush() : ok();
}

bool PartitionArchiver::complete() const {
  return writer_->rows() >= options_.file_rows || writer_->bytes() >= options_.file_bytes;
}

/// An archiver that was paused while another took its partition over must not write what that one
/// has written. (Should it slip through, readers pass records that they have seen.)
Status PartitionArchiver::check_still_owner() {
  BB_ASSIGN_OR_RETURN(const auto files, list_files(store_, where_.stream, hour_));
  for (const LakeFile& file : files) {
    if (file.partition != where_.partition || file.epoch != epoch_ || file.last < archived_)
      continue;
    return fail(ErrorCode::conflict,
                "another archiver has written " + file.path() + ": this one goes on from there");
  }
  return ok();
}

Status PartitionArchiver::flush() {
  if (!writer_) return ok();
  BB_RETURN_IF_ERROR(check_still_owner());
  crash_point("lake.before_publish");
  BB_ASSIGN_OR_RETURN(const LakeFile file, writer_->publish(hour_));
  crash_point("lake.published");
  ++published_.files;
  published_.rows += writer_->rows();
  published_.bytes += writer_->bytes();
  archived_ = file.last.next();
  writer_.reset();
  return ok();
}

}  // namespace bytebasket::lake
