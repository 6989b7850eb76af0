#include "verification/row_content.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/hex.hpp"
#include "metrics/aggregate.hpp"
#include "schema/tables.hpp"
#include "storage/key_columns.hpp"

namespace bytebasket::verification {
namespace {

using schema::TableId;

/// Of a long value, around the place where it differs from another.
constexpr std::size_t shown_before = 40;
constexpr std::size_t shown_after = 160;

/// nullopt where the bytes are no aggregate; an empty value is nothing at all.
std::optional<bool> says_nothing(std::string_view value) {
  if (value.empty()) return true;
  const auto aggregate = metrics::Aggregate::decode(value);
  if (!aggregate) return std::nullopt;
  return aggregate->is_identity();
}

std::string hexadecimal(std::string_view bytes) {
  std::string text = "0x";
  append_hex(text, bytes);
  return text;
}

/// At most `shown_before` + `shown_after` bytes of `text` around `place`, and signs of what was
/// cut. No character of several bytes is cut in two.
std::string around(std::string_view text, std::size_t place) {
  const auto is_inside = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  std::size_t begin = place > shown_before ? place - shown_before : 0;
  std::size_t end = std::min(text.size(), place + shown_after);
  while (begin > 0 && is_inside(begin)) --begin;
  while (is_inside(end)) ++end;
  return (begin > 0 ? "…" : "") + std::string(text.substr(begin, end - begin)) +
         (end < text.size() ? "…" : "");
}

streams::TopicPartition partition_of_source(std::int32_t source) {
  return {static_cast<streams::Stream>(source >> 16), PartitionId(source & 0xFFFF)};
}

}  // namespace

bool is_bookkeeping(const storage::RowKey& key) {
  if (key.table == TableId::flush_intents) return true;
  if (key.table == TableId::job_state) {
    const auto parts = schema::JobStateKey::decode(key.partition, key.clustering);
    return !parts || parts->job != "process";
  }
  if (key.table == TableId::metrics) {
    // Asked of every row, so nothing of the key is decoded.
    static const std::string no_name = [] {
      std::string text;
      append_key_text(text, "");
      return text;
    }();
    return key.partition.starts_with(no_name);
  }
  return false;
}

bool same_content(const storage::RowKey& key, std::string_view stored,
                  std::string_view recomputed) {
  if (stored == recomputed) return true;
  if (key.table != TableId::metrics) return false;
  return says_nothing(stored).value_or(false) && says_nothing(recomputed).value_or(false);
}

std::optional<streams::TopicPartition> owner_of(const storage::RowKey& key) {
  switch (key.table) {
    case TableId::metrics:
      if (const auto parts = schema::MetricsKey::decode(key.partition, key.clustering))
        return partition_of_source(parts->source);
      return std::nullopt;
    case TableId::definitions:
      if (const auto parts = schema::DefinitionsKey::decode(key.partition, key.clustering))
        return partition_of_source(parts->source);
      return std::nullopt;
    case TableId::job_state:
      if (const auto parts = schema::JobStateKey::decode(key.partition, key.clustering)) {
        if (const auto stream = streams::stream_named(parts->stream))
          return streams::TopicPartition{*stream, PartitionId(parts->source_partition)};
      }
      return std::nullopt;
    case TableId::visitors:
    case TableId::carts_by_activity:
      return std::nullopt;
    default:
      return streams::TopicPartition{streams::Stream::transactions, PartitionId(0)};
  }
}

std::string describe_value(const storage::RowKey& key, std::string_view value) {
  if (value.empty()) return "none";
  if (key.table == TableId::metrics) {
    if (const auto aggregate = metrics::Aggregate::decode(value)) {
      const std::string kind(metrics::name_of(aggregate->kind()));
      if (const auto number = aggregate->integer()) return kind + " " + std::to_string(*number);
      return kind + " " + hexadecimal(value);
    }
  }
  return value.front() == '{' ? std::string(value) : hexadecimal(value);
}

TwoValues describe_difference(const storage::RowKey& key, std::string_view stored,
                              std::string_view recomputed) {
  const std::string one = describe_value(key, stored);
  const std::string other = describe_value(key, recomputed);
  const auto place = static_cast<std::size_t>(std::ranges::mismatch(one, other).in1 - one.begin());
  return {around(one, place), around(other, place)};
}

std::string describe_key(const storage::RowKey& key) {
  const auto columns = storage::key_columns(key);
  if (!columns) return "a key that cannot be read";
  std::string text;
  for (const auto& column : *columns) {
    if (!text.empty()) text += ' ';
    text += std::string(column.name) + '=' + column.value;
  }
  return text;
}

}  // namespace bytebasket::verification
