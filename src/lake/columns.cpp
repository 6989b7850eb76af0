#include "lake/columns.hpp"

#include <algorithm>
#include <tuple>

#include <arrow/api.h>

namespace bytebasket::lake {
namespace {

using events::Event;
using events::Micros;

/// Money: the 64-bit number of millionths as a decimal.
const std::shared_ptr<arrow::DataType>& money_type() {
  static const auto type = arrow::decimal128(19, 6);
  return type;
}

const std::shared_ptr<arrow::DataType>& time_type() {
  static const auto type = arrow::timestamp(arrow::TimeUnit::MILLI, "UTC");
  return type;
}

std::shared_ptr<arrow::DataType> line_type() {
  return arrow::struct_({arrow::field("product_id", arrow::utf8()),
                         arrow::field("sku", arrow::utf8()), arrow::field("name", arrow::utf8()),
                         arrow::field("category", arrow::utf8()),
                         arrow::field("brand", arrow::utf8()), arrow::field("price", money_type()),
                         arrow::field("quantity", arrow::int64())});
}

std::string_view text_of(streams::RecordType type) {
  switch (type) {
    case streams::RecordType::event:
      return "event";
    case streams::RecordType::control:
      return "control";
    case streams::RecordType::dead_letter:
      break;
  }
  return "dead_letter";
}

/// Appends to the columns one after the other, in the order of the schema, and remembers the first
/// failure (memory, or a column beyond 2 GiB).
class RowAppender {
 public:
  explicit RowAppender(arrow::RecordBatchBuilder& columns) : columns_(columns) {}

  void start_row() { next_ = 0; }
  void number(std::int32_t value) { keep(take<arrow::Int32Builder>().Append(value)); }
  void number(std::int64_t value) { keep(take<arrow::Int64Builder>().Append(value)); }
  void time(Timestamp value) { keep(take<arrow::TimestampBuilder>().Append(to_ms(value))); }
  void no_time() { keep(take<arrow::TimestampBuilder>().AppendNull()); }
  void text(std::string_view value) { text_or_none(take<arrow::StringBuilder>(), value); }
  void some_text(std::string_view value) { keep(take<arrow::StringBuilder>().Append(value)); }
  void no_text() { keep(take<arrow::StringBuilder>().AppendNull()); }
  void bytes(std::string_view value) { keep(take<arrow::BinaryBuilder>().Append(value)); }
  void no_bytes() { keep(take<arrow::BinaryBuilder>().AppendNull()); }
  void money(const std::optional<Micros>& value) { money(take<arrow::Decimal128Builder>(), value); }
  void object_of_members(std::string_view members) {
    auto& column = take<arrow::StringBuilder>();
    if (members.empty()) return keep(column.AppendNull());
    keep(column.Append("{"));
    keep(column.ExtendCurrent(members));
  }
  void lines(std::span<const events::Line> lines);

  [[nodiscard]] const arrow::Status& status() const { return status_; }

 private:
  template <typename Builder>
  Builder& take() {
    return static_cast<Builder&>(*columns_.GetField(next_++));
  }
  void keep(const arrow::Status& status) {
    if (!status.ok() && status_.ok()) status_ = status;
  }
  void text_or_none(arrow::StringBuilder& column, std::string_view value) {
    keep(value.empty() ? column.AppendNull() : column.Append(value));
  }
  void money(arrow::Decimal128Builder& column, const std::optional<Micros>& value) {
    keep(value ? column.Append(arrow::Decimal128(value->value())) : column.AppendNull());
  }

  arrow::RecordBatchBuilder& columns_;
  int next_ = 0;
  arrow::Status status_;
};

void RowAppender::lines(std::span<const events::Line> lines) {
  auto& list = take<arrow::ListBuilder>();
  if (lines.empty()) return keep(list.AppendNull());
  keep(list.Append());
  auto& line_builder = static_cast<arrow::StructBuilder&>(*list.value_builder());
  const auto field = [&line_builder]<typename Builder>(int i, Builder*) -> Builder& {
    return static_cast<Builder&>(*line_builder.field_builder(i));
  };
  constexpr arrow::StringBuilder* text = nullptr;
  for (const events::Line& line : lines) {
    keep(line_builder.Append());
    text_or_none(field(0, text), line.product_id);
    text_or_none(field(1, text), line.sku);
    text_or_none(field(2, text), line.name);
    text_or_none(field(3, text), line.category);
    text_or_none(field(4, text), line.brand);
    money(field(5, static_cast<arrow::Decimal128Builder*>(nullptr)), line.price);
    keep(field(6, static_cast<arrow::Int64Builder*>(nullptr)).Append(line.quantity));
  }
}

/// What a record is put together from: the first `record_columns`.
void append_record(RowAppender& out, const LakeRow& row) {
  const streams::Record& record = row.record;
  const Event& event = row.event;
  out.number(record.offset.value());
  out.time(record.append_time);
  out.time(record.received_at);
  out.some_text(text_of(record.type));
  row.key_is_text ? out.some_text(record.key) : out.no_text();
  row.taken_apart ? out.some_text(to_string(event.type)) : out.no_text();
  out.text(event.name);
  row.taken_apart ? out.some_text(event.message_id) : out.no_text();
  row.taken_apart ? out.time(event.time) : out.no_time();
  event.has_original_time ? out.time(event.original_time) : out.no_time();
  out.text(event.anonymous_id);
  out.text(event.user_id);
  row.taken_apart ? out.some_text(to_string(event.source)) : out.no_text();
  out.text(event.session_id);
  out.text(event.country);
  out.text(event.device);
  out.text(event.campaign);
  row.taken_apart ? out.some_text(row.properties) : out.no_text();
  out.object_of_members(row.rest);
  row.key_is_text ? out.no_bytes() : out.bytes(record.key);
  row.taken_apart ? out.no_bytes() : out.bytes(record.value);
  record.detail.empty() ? out.no_bytes() : out.bytes(record.detail);
}

/// What is there for queries: copies of what the properties say.
void append_copies(RowAppender& out, PartitionId partition, const Event& event) {
  out.number(partition.value());
  out.text(event.visitor());
  for (const auto text :
       {event.order_id, event.cart_id, event.checkout_id, event.status, event.coupon, event.query})
    out.text(text);
  out.text(event.currency.text());
  for (const auto& amount : {event.revenue, event.total, event.subtotal, event.shipping, event.tax,
                             event.discount, event.value})
    out.money(amount);
  out.lines(event.lines);
}

std::uint64_t first_bytes(std::string_view text) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i)
    value = value << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return value;
}

std::vector<std::uint32_t> sorted(const std::vector<LakeRow>& rows) {
  struct Place {
    std::uint64_t begin;  ///< of the visitor: decides nearly always
    std::uint32_t row;
  };
  std::vector<Place> places;
  places.reserve(rows.size());
  for (const LakeRow& row : rows)
    places.push_back({first_bytes(row.event.visitor()), static_cast<std::uint32_t>(places.size())});
  const auto rest_of = [&rows](const Place& place) {
    const LakeRow& row = rows[place.row];
    return std::tuple(row.event.visitor(), row.event.time, row.record.offset);
  };
  std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    return a.begin != b.begin ? a.begin < b.begin : rest_of(a) < rest_of(b);
  });
  std::vector<std::uint32_t> order;
  order.reserve(places.size());
  for (const Place& place : places) order.push_back(place.row);
  return order;
}

std::shared_ptr<arrow::Schema> make_schema() {
  const auto text = arrow::utf8();
  const auto bytes = arrow::binary();
  const auto field = [](const char* name, const std::shared_ptr<arrow::DataType>& type,
                        bool nullable = true) { return arrow::field(name, type, nullable); };
  return arrow::schema({field("offset", arrow::int64(), false),
                        field("append_time", time_type(), false),
                        field("received_at", time_type(), false),
                        field("record", text, false),
                        field("key", text),
                        field("type", text),
                        field("event", text),
                        field("message_id", text),
                        field("event_time", time_type()),
                        field("original_time", time_type()),
                        field("anonymous_id", text),
                        field("user_id", text),
                        field("source", text),
                        field("session_id", text),
                        field("country", text),
                        field("device", text),
                        field("campaign", text),
                        field("properties", text),
                        field("rest", text),
                        field("raw_key", bytes),
                        field("raw_value", bytes),
                        field("raw_detail", bytes),
                        field("partition", arrow::int32(), false),
                        field("visitor", text),
                        field("order_id", text),
                        field("cart_id", text),
                        field("checkout_id", text),
                        field("status", text),
                        field("coupon", text),
                        field("query", text),
                        field("currency", text),
                        field("revenue", money_type()),
                        field("total", money_type()),
                        field("subtotal", money_type()),
                        field("shipping", money_type()),
                        field("tax", money_type()),
                        field("discount", money_type()),
                        field("value", money_type()),
                        field("lines", arrow::list(line_type()))});
}

}  // namespace

const std::shared_ptr<arrow::Schema>& lake_schema() {
  static const auto schema = make_schema();
  return schema;
}

std::vector<std::string> columns_of_unique_values() {
  return {"offset", "message_id", "order_id",  "properties",
          "rest",   "raw_key",    "raw_value", "raw_detail"};
}

Result<std::shared_ptr<arrow::RecordBatch>> to_columns(PartitionId partition,
                                                       std::vector<LakeRow>& rows) {
  auto columns = arrow::RecordBatchBuilder::Make(lake_schema(), arrow::default_memory_pool(),
                                                 static_cast<std::int64_t>(rows.size()));
  if (!columns.ok()) return fail(ErrorCode::internal, columns.status().ToString());
  RowAppender appender(**columns);
  for (const std::uint32_t i : sorted(rows)) {
    appender.start_row();
    append_record(appender, rows[i]);
    append_copies(appender, partition, rows[i].event);
  }
  auto batch = (*columns)->Flush();
  if (!appender.status().ok() || !batch.ok()) {
    return fail(ErrorCode::internal,
                "cannot make columns of a row group: " +
                    (appender.status().ok() ? batch.status() : appender.status()).ToString());
  }
  return std::move(*batch);
}

}  // namespace bytebasket::lake
