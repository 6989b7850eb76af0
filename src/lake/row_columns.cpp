#include "lake/row_columns.hpp"

namespace bytebasket::lake {
namespace {

using events::Event;

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

}  // namespace

void RowColumns::text(std::string_view value, bool there) {
  ColumnValues& column = next();
  if (there) column.texts.push_back({value.data() == nullptr ? "" : value, row_});
}

void RowColumns::word(std::string_view value, bool there) {
  ColumnValues& column = next();
  if (!there) return;
  const auto keep = [this](std::string_view text) { return words_.join("", text); };
  column.ids.push_back({column.words.number_of(value, keep), row_});
}

/// One of a few words of ours: mostly that of the row before.
void RowColumns::label(std::string_view value, bool there) {
  ColumnValues& column = next();
  if (there) column.ids.push_back({column.words.number_in_run(value), row_});
}

void RowColumns::near(std::int64_t value, bool there) {
  ColumnValues& column = next();
  if (there) column.numbers.push_back({value, row_});
}

void RowColumns::number(std::int64_t value, bool there) {
  ColumnValues& column = next();
  if (there) column.ids.push_back({column.amounts.number_in_run(value), row_});
}

void RowColumns::money(const std::optional<events::Micros>& value) {
  number(value ? value->value() : 0, value.has_value());
}

void RowColumns::add(const LakeRow& row) {
  next_ = 0;
  row_ = static_cast<std::uint32_t>(order_.size());
  const std::string_view visitor = order_.add(row.event.visitor(), row.event.time);
  add_record(row, visitor);
  add_copies(row.event, visitor);
}

/// What a record is put together from: the first `record_columns`. Texts that are the visitor's are
/// taken from where he is kept: to compare them is to compare two addresses.
void RowColumns::add_record(const LakeRow& row, std::string_view visitor) {
  const streams::Record& record = row.record;
  const Event& event = row.event;
  near(record.offset.value());
  number(to_ms(record.append_time));
  near(to_ms(record.received_at));
  label(text_of(record.type));
  text(record.key == visitor ? visitor : record.key, row.key_is_text);
  label(to_string(event.type), row.taken_apart);
  word(event.name);
  text(event.message_id, row.taken_apart);
  near(to_ms(event.time), row.taken_apart);
  near(to_ms(event.original_time), event.has_original_time);
  text(event.anonymous_id.empty() ? event.anonymous_id : visitor);
  text(event.user_id);
  label(to_string(event.source), row.taken_apart);
  text(event.session_id);
  word(event.country);
  word(event.device);
  word(event.campaign);
  text(row.properties, row.taken_apart);
  text(row.rest.empty() ? row.rest : stored_.join("{", row.rest));
  text(record.key, !row.key_is_text);
  text(record.value, !row.taken_apart);
  text(record.detail);
}

/// What is there for queries: copies of what the properties say.
void RowColumns::add_copies(const Event& event, std::string_view visitor) {
  number(partition_.value());
  text(visitor);
  text(event.order_id);
  for (const auto copied :
       {event.cart_id, event.checkout_id, event.status, event.coupon, event.query})
    word(copied);
  word(event.currency.empty() ? std::string_view() : event.currency.text());
  for (const auto& amount : {event.revenue, event.total, event.subtotal, event.shipping, event.tax,
                             event.discount, event.value})
    money(amount);
  lines_.add(row_, event.lines);
}

void RowColumns::clear() {
  for (ColumnValues& column : columns_) column.clear();
  lines_.clear();
  order_.clear();
  stored_.clear();
  words_.clear();
}

void RowColumns::write(ParquetFile& file) {
  const auto ranks = order_.ranks();
  file.begin_row_group(ranks.size());
  for (std::size_t i = 0; i < columns_.size(); ++i)
    pages_.write(file, simple_columns[i], columns_[i], ranks);
  lines_.write(file, ranks);
  file.end_row_group();
}

}  // namespace bytebasket::lake
