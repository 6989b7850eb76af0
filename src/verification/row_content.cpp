#include "verification/row_content.hpp"

#include "metrics/aggregate.hpp"
#include "schema/tables.hpp"
#include "storage/key_columns.hpp"

namespace bytebasket::verification {
namespace {

using schema::TableId;

constexpr std::size_t shown_bytes = 64;
constexpr std::size_t shown_text = 1'000;

/// nullopt where the bytes are no aggregate; an empty value is nothing at all.
std::optional<bool> says_nothing(std::string_view value) {
  if (value.empty()) return true;
  const auto aggregate = metrics::Aggregate::decode(value);
  if (!aggregate) return std::nullopt;
  return aggregate->is_identity();
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = std::to_string(bytes.size()) + " bytes ";
  for (const char c : bytes.substr(0, shown_bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return bytes.size() > shown_bytes ? text + "…" : text;
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
    const auto parts = schema::MetricsKey::decode(key.partition, key.clustering);
    return parts && parts->metric.empty();
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
  if (value.front() != '{') return hexadecimal(value);
  if (value.size() <= shown_text) return std::string(value);
  return std::string(value.substr(0, shown_text)) + "…";
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
