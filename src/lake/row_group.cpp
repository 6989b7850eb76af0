#include "lake/row_group.hpp"

#include <algorithm>
#include <array>

#include <arrow/api.h>

#include "events/canonical_head.hpp"
#include "lake/columns.hpp"
#include "lake/lake_row.hpp"
#include "lake/text_column.hpp"

namespace bytebasket::lake {
namespace {

/// Rows are called for so many ahead of their turn.
constexpr std::ptrdiff_t ahead = 8;

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

/// A text in the making in the kind of memory that a RecordBatch keeps.
class BatchText {
 public:
  explicit BatchText(std::size_t expected) : bytes_(std::make_unique<std::string>()) {
    bytes_->resize(expected + streams::value_padding);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  void put(char c) { put(std::string_view(&c, 1)); }
  void put(std::string_view text) {
    text.copy(room(text.size()), text.size());
    size_ += text.size();
  }
  template <std::size_t N>
  void put(const char (&literal)[N]) {
    put(std::string_view(literal, N - 1));
  }
  void put_time(Timestamp time) {
    events::write_canonical_time(room(events::canonical_time_size), time);
    size_ += events::canonical_time_size;
  }

  /// The text, and the padding behind it.
  std::unique_ptr<std::string> take() {
    bytes_->resize(size_);
    bytes_->append(streams::value_padding, '\0');
    return std::move(bytes_);
  }

 private:
  char* room(std::size_t most) {
    if (bytes_->size() - size_ < most) bytes_->resize(2 * bytes_->size() + most);
    return bytes_->data() + size_;
  }

  std::unique_ptr<std::string> bytes_;
  std::size_t size_ = 0;
};

}  // namespace

struct RowGroup::Columns {
  std::array<std::shared_ptr<arrow::Array>, record_columns> arrays;  ///< of numbers
  std::array<TextColumn, record_columns> texts;

  [[nodiscard]] bool has(Column column, std::int64_t row) const {
    return arrays[column]->IsValid(row);
  }
  [[nodiscard]] std::string_view text(Column column, std::int64_t row) const {
    return texts[column].text(row);
  }
  /// As JSON; nothing for none and for an empty text.
  [[nodiscard]] std::string_view quoted(Column column, std::int64_t row) {
    return text(column, row).empty() ? std::string_view() : texts[column].quoted(row);
  }
  [[nodiscard]] Timestamp time(Column column, std::int64_t row) const {
    return timestamp_from_ms(static_cast<const arrow::TimestampArray&>(*arrays[column]).Value(row));
  }
  void fetch(std::int64_t row) const;
  Status load(Column column, const std::shared_ptr<arrow::Array>& found);
  Result<events::CanonicalHead> quoted_head(std::int64_t row);
  Status append(BatchText& out, std::vector<Placed>& placed, std::int64_t row);
};

Status RowGroup::Columns::load(Column column, const std::shared_ptr<arrow::Array>& found) {
  const auto& wanted = *lake_schema()->field(column);
  const bool is_text =
      wanted.type()->id() == arrow::Type::STRING || wanted.type()->id() == arrow::Type::BINARY;
  arrays[column] = found;
  const bool loaded = found != nullptr && (is_text ? texts[column].load(found, *wanted.type())
                                                   : found->type()->Equals(wanted.type()));
  if (loaded) return ok();
  return fail(ErrorCode::corrupt,
              "there is no column '" + wanted.name() + "' of type " + wanted.type()->ToString());
}

/// The row's texts: in the order of the log each stands far from the one before it.
void RowGroup::Columns::fetch(std::int64_t row) const {
  for (const Column column : {key, message_id, anonymous_id, user_id, session_id, properties, rest})
    texts[column].fetch(row);
}

/// With its texts as JSON strings.
Result<events::CanonicalHead> RowGroup::Columns::quoted_head(std::int64_t row) {
  const auto call = events::parse_call_type(text(type, row));
  const auto sender = events::parse_source(text(source, row));
  if (!call || !sender) {
    return fail(ErrorCode::corrupt, "an event of the unknown type '" +
                                        std::string(text(type, row)) + "' or source '" +
                                        std::string(text(source, row)) + "'");
  }
  return events::CanonicalHead{.type = *call,
                               .name = quoted(event, row),
                               .message_id = texts[message_id].quoted(row),
                               .time = time(event_time, row),
                               .original_time = has(original_time, row)
                                                    ? std::optional(time(original_time, row))
                                                    : std::nullopt,
                               .anonymous_id = quoted(anonymous_id, row),
                               .user_id = quoted(user_id, row),
                               .source = *sender,
                               .session_id = quoted(session_id, row),
                               .country = quoted(country, row),
                               .device = quoted(device, row),
                               .campaign = quoted(campaign, row)};
}

Status RowGroup::Columns::append(BatchText& out, std::vector<Placed>& placed, std::int64_t row) {
  Placed& place = placed.emplace_back();
  BB_ASSIGN_OR_RETURN(place.record.type, type_of(text(record_type, row)));
  place.record.append_time = time(append_time, row);
  place.record.received_at = time(received_at, row);
  place.key = out.size();
  out.put(has(key, row) ? text(key, row) : text(raw_key, row));
  place.value = out.size();
  if (has(raw_value, row)) {
    out.put(text(raw_value, row));
  } else {
    BB_ASSIGN_OR_RETURN(const auto head, quoted_head(row));
    put_value(out, head, text(properties, row), text(rest, row));
  }
  place.detail = out.size();
  out.put(text(raw_detail, row));
  place.end = out.size();
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
    BB_RETURN_IF_ERROR(columns_->load(static_cast<Column>(i),
                                      (*whole)->GetColumnByName(lake_schema()->field(i)->name())));
  }
  const auto& offsets = static_cast<const arrow::Int64Array&>(*columns_->arrays[offset]);
  put_in_order({offsets.raw_values(), static_cast<std::size_t>(offsets.length())});
  return ok();
}

void RowGroup::put_in_order(std::span<const std::int64_t> offsets) {
  order_.resize(offsets.size());
  if (offsets.empty()) return;
  const auto [least, most] = std::minmax_element(offsets.begin(), offsets.end());
  const auto place_of = [first = static_cast<std::uint64_t>(*least)](std::int64_t offset) {
    return static_cast<std::uint64_t>(offset) - first;
  };
  // As a rule none is missing, and each says itself where it stands.
  const bool without_gaps = place_of(*most) + 1 == offsets.size();
  for (std::uint32_t row = 0; row < offsets.size(); ++row)
    order_[without_gaps ? place_of(offsets[row]) : row] = {Offset(offsets[row]), row};
  if (!std::is_sorted(order_.begin(), order_.end())) std::sort(order_.begin(), order_.end());
}

Result<streams::RecordBatch> RowGroup::read(Offset from, const streams::ReadLimits& limits) {
  auto at = std::lower_bound(order_.begin(), order_.end(), std::pair(from, std::uint32_t{0}));
  BatchText text(std::min<std::size_t>(limits.max_bytes, 8 << 20));
  std::vector<Placed> placed;
  for (; at != order_.end() && placed.size() < limits.max_records; ++at) {
    if (!placed.empty() && text.size() >= limits.max_bytes) break;
    if (order_.end() - at > ahead) columns_->fetch(at[ahead].second);
    BB_RETURN_IF_ERROR(columns_->append(text, placed, at->second));
    placed.back().record.offset = at->first;
  }
  std::vector<std::unique_ptr<std::string>> buffers;
  buffers.push_back(text.take());
  const std::string_view bytes(*buffers.front());
  std::vector<streams::Record> records;
  records.reserve(placed.size());
  for (Placed& one : placed) {
    one.record.key = bytes.substr(one.key, one.value - one.key);
    one.record.value = bytes.substr(one.value, one.detail - one.value);
    one.record.detail = bytes.substr(one.detail, one.end - one.detail);
    records.push_back(one.record);
  }
  return streams::RecordBatch(std::move(records), std::move(buffers));
}

}  // namespace bytebasket::lake
