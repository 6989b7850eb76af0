#include "streams/append_limits.hpp"

namespace bytebasket::streams {

Result<Place> place_of(const NewRecord& record, const Topology& topology,
                       std::size_t max_record_bytes) {
  const std::size_t size = size_of(record);
  if (size > max_record_bytes) {
    return fail(ErrorCode::invalid_argument,
                "a record for stream " + std::string(name_of(record.stream)) + " has " +
                    std::to_string(size) + " bytes; the log takes at most " +
                    std::to_string(max_record_bytes));
  }
  const TopicPartition where{
      record.stream, record.partition.value_or(topology.partition_of(record.stream, record.key))};
  BB_ASSIGN_OR_RETURN(const std::size_t index, topology.find(where));
  return Place{where, index};
}

Status AppendRoom::take(std::size_t records, std::size_t bytes) {
  const bool full = records_ + records > max_records_ || bytes_ + bytes > max_bytes_;
  if (full && records_ != 0) {
    return fail(ErrorCode::resource_exhausted,
                "the append queue of the event log is full (" + std::to_string(records_) +
                    " records, " + std::to_string(bytes_) + " bytes): try again later");
  }
  records_ += records;
  bytes_ += bytes;
  return ok();
}

}  // namespace bytebasket::streams
