#include "lake/row_columns.hpp"

#include <algorithm>
#include <tuple>

#include <parquet/column_writer.h>
#include <parquet/file_writer.h>

#include "lake/columns.hpp"

namespace bytebasket::lake {
namespace {

using events::Event;
using events::Line;
using events::Micros;

/// How Parquet holds a decimal of 19 digits.
constexpr std::size_t money_bytes = 9;
using MoneyBytes = std::array<std::uint8_t, money_bytes>;

MoneyBytes big_endian(std::int64_t value) {
  MoneyBytes bytes{};
  bytes[0] = value < 0 ? 0xFF : 0;
  for (std::size_t i = 0; i < 8; ++i)
    bytes[8 - i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
  return bytes;
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

parquet::ByteArray bytes_of(std::string_view text) {
  return {static_cast<std::uint32_t>(text.size()),
          reinterpret_cast<const std::uint8_t*>(text.data())};
}

/// When rows are sorted, each text stands far from the one before it: fetched one by one, the wait
/// for memory would cost more than all the rest.
constexpr std::size_t fetched_at_once = 256;

void fetch(std::span<const parquet::ByteArray> texts) {
  for (const parquet::ByteArray& text : texts) {
    __builtin_prefetch(text.ptr);
    if (text.len > 64) __builtin_prefetch(text.ptr + 64);
  }
}
template <typename Value>
void fetch(std::span<const Value> /*in line already*/) {}

std::uint64_t eight_bytes(std::string_view text, std::size_t from) {
  std::uint64_t value = 0;
  for (std::size_t i = from; i < from + 8; ++i)
    value = value << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return value;
}

}  // namespace

void RowColumns::text(std::string_view value, bool there) {
  Column& column = columns_[next_++];
  if (!there) return;
  column.texts.push_back({value.data() == nullptr ? "" : value.data(),
                          static_cast<std::uint32_t>(value.size()), row()});
}

void RowColumns::text(std::string_view value) { text(value, !value.empty()); }

void RowColumns::number(std::int64_t value, bool there) {
  Column& column = columns_[next_++];
  if (there) column.numbers.push_back({value, row()});
}

void RowColumns::money(const std::optional<Micros>& value) {
  number(value ? value->value() : 0, value.has_value());
}

void RowColumns::add(const LakeRow& row) {
  next_ = 0;
  add_record(row);
  add_copies(row.event);
  const std::string_view visitor = row.event.visitor();
  places_.push_back({.begin = {eight_bytes(visitor, 0), eight_bytes(visitor, 8)},
                     .visitor = visitor,
                     .time = row.event.time,
                     .row = this->row()});
}

/// What a record is put together from: the first `record_columns`.
void RowColumns::add_record(const LakeRow& row) {
  const streams::Record& record = row.record;
  const Event& event = row.event;
  number(record.offset.value());
  number(to_ms(record.append_time));
  number(to_ms(record.received_at));
  text(text_of(record.type));
  text(record.key, row.key_is_text);
  text(to_string(event.type), row.taken_apart);
  text(event.name);
  text(event.message_id, row.taken_apart);
  number(to_ms(event.time), row.taken_apart);
  number(to_ms(event.original_time), event.has_original_time);
  text(event.anonymous_id);
  text(event.user_id);
  text(to_string(event.source), row.taken_apart);
  text(event.session_id);
  text(event.country);
  text(event.device);
  text(event.campaign);
  text(row.properties, row.taken_apart);
  text(row.rest.empty() ? row.rest : stored_.join("{", row.rest));
  text(record.key, !row.key_is_text);
  text(record.value, !row.taken_apart);
  text(record.detail);
}

/// What is there for queries: copies of what the properties say.
void RowColumns::add_copies(const Event& event) {
  number(partition_.value());
  text(event.visitor());
  for (const auto copied :
       {event.order_id, event.cart_id, event.checkout_id, event.status, event.coupon, event.query})
    text(copied);
  text(event.currency.empty() ? "" : stored_.join("", event.currency.text()));
  for (const auto& amount : {event.revenue, event.total, event.subtotal, event.shipping, event.tax,
                             event.discount, event.value})
    money(amount);
  if (!event.lines.empty()) lines_.push_back({event.lines, row()});
}

void RowColumns::clear() {
  for (Column& column : columns_) {
    column.texts.clear();
    column.numbers.clear();
  }
  lines_.clear();
  places_.clear();
  stored_.clear();
}

void RowColumns::rank() {
  const auto rest_of = [](const Place& place) {
    return std::tuple(place.visitor, place.time, place.row);  // rows come in the order of offsets
  };
  std::sort(places_.begin(), places_.end(), [&](const Place& a, const Place& b) {
    return a.begin != b.begin ? a.begin < b.begin : rest_of(a) < rest_of(b);
  });
  ranks_.resize(places_.size());
  for (std::uint32_t i = 0; i < places_.size(); ++i) ranks_[places_[i].row] = i;
}

/// Puts values where their rows are when sorted, and hands them to Parquet.
class RowColumns::Pages {
 public:
  Pages(const std::vector<std::uint32_t>& ranks, parquet::RowGroupWriter& out)
      : ranks_(ranks), out_(out), there_(ranks.size()) {}

  void write(const Column& column);
  void write(const std::vector<Lines>& lines);

 private:
  using Levels = std::vector<std::int16_t>;

  /// The values of `entries`, sorted; `there_` says which rows have one.
  template <typename Value, typename Entries, typename ToValue>
  void sort(const Entries& entries, std::vector<Value>& sorted, const ToValue& to_value);
  template <typename Type, typename Value>
  void put(parquet::ColumnWriter& writer, const std::vector<Value>& values);
  template <typename Type, typename Value, typename ToValue>
  void put_of_lines(const Levels& repetition, const ToValue& to_value);

  const std::vector<std::uint32_t>& ranks_;
  parquet::RowGroupWriter& out_;
  Levels there_;
  std::vector<parquet::ByteArray> texts_;
  std::vector<std::int64_t> longs_;
  std::vector<std::int32_t> ints_;
  std::vector<MoneyBytes> amounts_;
  std::vector<parquet::FixedLenByteArray> fixed_;
  std::vector<std::span<const Line>> lines_;  ///< of each row, sorted
};

template <typename Value, typename Entries, typename ToValue>
void RowColumns::Pages::sort(const Entries& entries, std::vector<Value>& sorted,
                             const ToValue& to_value) {
  const bool all = entries.size() == ranks_.size();
  std::fill(there_.begin(), there_.end(), all ? 1 : 0);
  sorted.resize(ranks_.size());
  for (const auto& entry : entries) {
    const std::uint32_t rank = ranks_[entry.row];
    sorted[rank] = to_value(entry);
    there_[rank] = 1;
  }
  if (all) return;
  std::size_t count = 0;
  for (std::size_t i = 0; count < entries.size(); ++i) {
    if (there_[i] != 0) sorted[count++] = sorted[i];
  }
  sorted.resize(count);
}

template <typename Type, typename Value>
void RowColumns::Pages::put(parquet::ColumnWriter& writer, const std::vector<Value>& values) {
  auto& typed = static_cast<parquet::TypedColumnWriter<Type>&>(writer);
  const bool optional = writer.descr()->max_definition_level() > 0;
  std::size_t written = 0;
  for (std::size_t row = 0; row < ranks_.size(); row += fetched_at_once) {
    const std::size_t rows = std::min(fetched_at_once, ranks_.size() - row);
    fetch(std::span(values).subspan(written, std::min(rows, values.size() - written)));
    written += static_cast<std::size_t>(typed.WriteBatch(static_cast<std::int64_t>(rows),
                                                         optional ? &there_[row] : nullptr, nullptr,
                                                         values.data() + written));
  }
}

void RowColumns::Pages::write(const Column& column) {
  parquet::ColumnWriter& writer = *out_.NextColumn();
  switch (writer.type()) {
    case parquet::Type::INT32:
      sort(column.numbers, ints_,
           [](const Number& number) { return static_cast<std::int32_t>(number.value); });
      put<parquet::Int32Type>(writer, ints_);
      break;
    case parquet::Type::INT64:
      sort(column.numbers, longs_, [](const Number& number) { return number.value; });
      put<parquet::Int64Type>(writer, longs_);
      break;
    case parquet::Type::FIXED_LEN_BYTE_ARRAY:
      sort(column.numbers, amounts_, [](const Number& number) { return big_endian(number.value); });
      fixed_.clear();
      for (const MoneyBytes& amount : amounts_) fixed_.emplace_back(amount.data());
      put<parquet::FLBAType>(writer, fixed_);
      break;
    default:
      sort(column.texts, texts_, [](const Text& text) {
        return parquet::ByteArray(text.size, reinterpret_cast<const std::uint8_t*>(text.data));
      });
      put<parquet::ByteArrayType>(writer, texts_);
  }
  writer.Close();
}

template <typename Type, typename Value, typename ToValue>
void RowColumns::Pages::put_of_lines(const Levels& repetition, const ToValue& to_value) {
  parquet::ColumnWriter& writer = *out_.NextColumn();
  const std::int16_t deepest = writer.descr()->max_definition_level();
  Levels definition;
  definition.reserve(repetition.size());
  std::vector<Value> values;
  for (const auto& lines : lines_) {
    if (lines.empty()) definition.push_back(0);
    for (const Line& line : lines) {
      const std::optional<Value> value = to_value(line);
      definition.push_back(static_cast<std::int16_t>(value ? deepest : deepest - 1));
      if (value) values.push_back(*value);
    }
  }
  static_cast<parquet::TypedColumnWriter<Type>&>(writer).WriteBatch(
      static_cast<std::int64_t>(definition.size()), definition.data(), repetition.data(),
      values.data());
  writer.Close();
}

void RowColumns::Pages::write(const std::vector<Lines>& lines) {
  lines_.assign(ranks_.size(), {});
  for (const Lines& entry : lines) lines_[ranks_[entry.row]] = entry.lines;
  Levels repetition;
  for (const auto& of_row : lines_) {
    repetition.push_back(0);
    for (std::size_t i = 1; i < of_row.size(); ++i) repetition.push_back(1);
  }
  for (const auto member :
       {&Line::product_id, &Line::sku, &Line::name, &Line::category, &Line::brand}) {
    put_of_lines<parquet::ByteArrayType, parquet::ByteArray>(repetition, [&](const Line& line) {
      const std::string_view text = line.*member;
      return text.empty() ? std::nullopt : std::optional(bytes_of(text));
    });
  }
  amounts_.clear();
  for (const Lines& entry : lines) amounts_.resize(amounts_.size() + entry.lines.size());
  auto amount = amounts_.begin();
  put_of_lines<parquet::FLBAType, parquet::FixedLenByteArray>(repetition, [&](const Line& line) {
    if (!line.price) return std::optional<parquet::FixedLenByteArray>();
    *amount = big_endian(line.price->value());
    return std::optional(parquet::FixedLenByteArray((amount++)->data()));
  });
  put_of_lines<parquet::Int64Type, std::int64_t>(
      repetition, [](const Line& line) { return std::optional(line.quantity); });
}

void RowColumns::write(parquet::RowGroupWriter& out) {
  rank();
  Pages pages(ranks_, out);
  for (const Column& column : columns_) pages.write(column);
  pages.write(lines_);
}

}  // namespace bytebasket::lake
