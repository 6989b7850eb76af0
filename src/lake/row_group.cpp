#include "lake/row_group.hpp"

#include <algorithm>
#include <array>

#include <arrow/api.h>

#include "lake/columns.hpp"
#include "lake/lake_row.hpp"

namespace bytebasket::lake {
namespace {

constexpr std::size_t padding = 64;

/// The positions of the record columns, as lake_schema() has them.
enum Column : std::uint8_t {
  offset,
  append_time,
  received_at,
  record_type,
  key,
  type,
  event,
  message_id,
  event_time,
  original_time,
  anonymous_id,
  user_id,
  source,
  session_id,
  country,
  device,
  campaign,
  properties,
  rest,
  raw_key,
  raw_value,
  raw_detail,
};
static_assert(raw_detail + 1 == record_columns);

Result<streams::RecordType> type_of(std::string_view text) {
  if (text == "event") return streams::RecordType::event;
  if (text == "control") return streams::RecordType::control;
  if (text == "dead_letter") return streams::RecordType::dead_letter;
  return fail(ErrorCode::corrupt, "a record of the unknown type '" + std::string(text) + "'");
}

/// Where the texts of a record stand in a buffer that may still move.
struct Placed {
  streams::Record record;
  std::size_t key = 0;
  std::size_t value = 0;
  std::size_t detail = 0;
  std::size_t end = 0;
};

}  // namespace

struct RowGroup::Columns {
  std::array<std::shared_ptr<arrow::Array>, record_columns> arrays;
  mutable events::TextWriter scratch;

  [[nodiscard]] bool has(Column column, std::int64_t row) const {
    return !arrays[column]->IsNull(row);
  }
  /// Of a text or a binary column; empty for none.
  [[nodiscard]] std::string_view text(Column column, std::int64_t row) const {
    // Every StringArray is a BinaryArray; a null has no bytes.
    return static_cast<const arrow::BinaryArray&>(*arrays[column]).GetView(row);
  }
  [[nodiscard]] Timestamp time(Column column, std::int64_t row) const {
    return timestamp_from_ms(static_cast<const arrow::TimestampArray&>(*arrays[column]).Value(row));
  }
  [[nodiscard]] Result<events::CanonicalHead> head(std::int64_t row) const;
  Status append(std::string& buffer, std::vector<Placed>& placed, std::int64_t row) const;
};

Result<events::CanonicalHead> RowGroup::Columns::head(std::int64_t row) const {
  const auto call = events::parse_call_type(text(type, row));
  const auto sender = events::parse_source(text(source, row));
  if (!call || !sender) {
    return fail(ErrorCode::corrupt, "an event of the unknown type '" +
                                        std::string(text(type, row)) + "' or source '" +
                                        std::string(text(source, row)) + "'");
  }
  return events::CanonicalHead{.type = *call,
                               .name = text(event, row),
                               .message_id = text(message_id, row),
                               .time = time(event_time, row),
                               .original_time = has(original_time, row)
                                                    ? std::optional(time(original_time, row))
                                                    : std::nullopt,
                               .anonymous_id = text(anonymous_id, row),
                               .user_id = text(user_id, row),
                               .source = *sender,
                               .session_id = text(session_id, row),
                               .country = text(country, row),
                               .device = text(device, row),
                               .campaign = text(campaign, row)};
}

Status RowGroup::Columns::append(std::string& buffer, std::vector<Placed>& placed,
                                 std::int64_t row) const {
  Placed& out = placed.emplace_back();
  BB_ASSIGN_OR_RETURN(out.record.type, type_of(text(record_type, row)));
  out.record.append_time = time(append_time, row);
  out.record.received_at = time(received_at, row);
  out.key = buffer.size();
  buffer += has(key, row) ? text(key, row) : text(raw_key, row);
  out.value = buffer.size();
  if (has(raw_value, row)) {
    buffer += text(raw_value, row);
  } else {
    BB_ASSIGN_OR_RETURN(const auto begin, head(row));
    append_value(buffer, scratch, begin, text(properties, row), text(rest, row));
  }
  out.detail = buffer.size();
  buffer += text(raw_detail, row);
  out.end = buffer.size();
  return ok();
}

RowGroup::RowGroup() = default;
RowGroup::~RowGroup() = default;
RowGroup::RowGroup(RowGroup&&) noexcept = default;
RowGroup& RowGroup::operator=(RowGroup&&) noexcept = default;

Status RowGroup::load(const std::shared_ptr<arrow::Table>& table) {
  order_.clear();
  columns_ = std::make_unique<Columns>();
  const auto whole = table->CombineChunksToBatch();
  if (!whole.ok()) return fail(ErrorCode::internal, whole.status().ToString());
  for (int i = 0; i < record_columns; ++i) {
    const auto& wanted = *lake_schema()->field(i);
    const auto found = (*whole)->GetColumnByName(wanted.name());
    if (!found || !found->type()->Equals(wanted.type())) {
      return fail(ErrorCode::corrupt, "there is no column '" + wanted.name() + "' of type " +
                                          wanted.type()->ToString());
    }
    columns_->arrays[static_cast<std::size_t>(i)] = found;
  }
  const auto& offsets = static_cast<const arrow::Int64Array&>(*columns_->arrays[offset]);
  order_.reserve(static_cast<std::size_t>(offsets.length()));
  for (std::int64_t row = 0; row < offsets.length(); ++row)
    order_.emplace_back(offsets.Value(row), static_cast<std::uint32_t>(row));
  std::sort(order_.begin(), order_.end());
  return ok();
}

Result<streams::RecordBatch> RowGroup::read(Offset from, const streams::ReadLimits& limits) const {
  auto at = std::lower_bound(order_.begin(), order_.end(), std::pair(from, std::uint32_t{0}));
  auto buffer = std::make_unique<std::string>();
  buffer->reserve(std::min<std::size_t>(limits.max_bytes, 8 << 20));
  std::vector<Placed> placed;
  for (; at != order_.end() && placed.size() < limits.max_records; ++at) {
    if (!placed.empty() && buffer->size() >= limits.max_bytes) break;
    BB_RETURN_IF_ERROR(columns_->append(*buffer, placed, at->second));
    placed.back().record.offset = at->first;
  }
  const std::size_t end = buffer->size();
  buffer->append(padding, '\0');
  const std::string_view bytes(*buffer);
  std::vector<streams::Record> records;
  records.reserve(placed.size());
  for (Placed& one : placed) {
    one.record.key = bytes.substr(one.key, one.value - one.key);
    one.record.value = bytes.substr(one.value, one.detail - one.value);
    one.record.detail = bytes.substr(one.detail, std::min(one.end, end) - one.detail);
    records.push_back(one.record);
  }
  std::vector<std::unique_ptr<std::string>> buffers;
  buffers.push_back(std::move(buffer));
  return streams::RecordBatch(std::move(records), std::move(buffers));
}

}  // namespace bytebasket::lake
