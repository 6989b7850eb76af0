#include "verification/replay_log.hpp"

#include <algorithm>

namespace bytebasket::verification {

using streams::Record;
using streams::RecordBatch;
using streams::RecordType;
using streams::TopicPartition;

ReplayLog::ReplayLog(History& history, TopicPartition where, streams::LogRange range,
                     const ActingDefinitions& acting)
    : history_(history), where_(where), range_(range) {
  for (const ActingDefinition& each : acting) {
    std::string value = to_control_record(each.document);
    const std::size_t size = value.size();
    acting_.push_back({each.document.kind, each.until, value + std::string(64, ' '), size});
  }
}

void ReplayLog::append(std::vector<streams::NewRecord>, AppendCallback done) {
  done(fail(ErrorCode::invalid_argument, "a replay of " + to_string(where_) + " appends nothing"));
}

Record ReplayLog::acting_record(const ControlRecord& control, Offset offset, const Record& beside) {
  Record record;
  record.offset = offset;
  record.append_time = beside.append_time;
  record.received_at = beside.received_at;
  record.type = RecordType::control;
  record.value = std::string_view(control.value).substr(0, control.size);
  return record;
}

void ReplayLog::replace_superseded(std::vector<Record>& records) const {
  for (Record& record : records) {
    if (record.type != RecordType::control) continue;
    const auto document = processors::from_control_record(record.value);
    if (!document) continue;
    const auto control = std::find_if(acting_.begin(), acting_.end(), [&](const auto& each) {
      return each.kind == document->kind && record.offset <= each.until;
    });
    // What acts already acts on: a control record that changes nothing.
    if (control != acting_.end()) record = acting_record(*control, record.offset, record);
  }
}

void ReplayLog::begin_with_acting(std::vector<Record>& records) const {
  std::vector<Record> first;
  first.reserve(acting_.size());
  for (const ControlRecord& control : acting_) {
    first.push_back(acting_record(control, Offset(-1), records.front()));
  }
  records.insert(records.begin(), first.begin(), first.end());
}

Result<RecordBatch> ReplayLog::read(TopicPartition where, Offset from,
                                    const streams::ReadLimits& limits) {
  if (from >= end_) return RecordBatch();
  // What is left out or put in here, and what acts from where, the engine does not know.
  streams::ReadLimits all = limits;
  all.passes_over = nullptr;
  BB_ASSIGN_OR_RETURN(RecordBatch batch, history_.read(where, std::max(from, range_.first), all));
  std::vector<Record>& records = batch.records();
  std::erase_if(records, [&](const Record& record) { return record.offset >= end_; });
  if (!acting_.empty()) {
    replace_superseded(records);
    if (from == Offset(0) && !records.empty()) begin_with_acting(records);
  }
  return batch;
}

Result<streams::LogRange> ReplayLog::range(TopicPartition) {
  return streams::LogRange{range_.epoch, Offset(0), std::max(range_.end, end_)};
}

Status ReplayLog::commit(std::string_view, TopicPartition, Offset) { return ok(); }

Result<std::optional<Offset>> ReplayLog::committed(std::string_view, TopicPartition) {
  return std::optional<Offset>();
}

Result<std::uint64_t> ReplayLog::apply_retention(TopicPartition, const streams::LogRetention&,
                                                 Offset, Timestamp) {
  return 0;
}

Result<std::uint64_t> ReplayLog::size_in_bytes(TopicPartition) { return 0; }

}  // namespace bytebasket::verification
