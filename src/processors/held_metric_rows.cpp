#include "processors/held_metric_rows.hpp"

#include <utility>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "base/hash_salt.hpp"
#include "metrics/metric_key.hpp"
#include "schema/tables.hpp"

namespace bytebasket::processors {

using metrics::Grain;
using metrics::HashIndex;

std::uint32_t HeldMetricRows::partition(const metrics::MetricDefinition& definition, Grain grain,
                                        metrics::DimensionSet dimensions, Timestamp window) {
  const std::int64_t bucket = metrics::bucket_of(grain, window);
  const bool same = last_partition_ != none && last_question_.definition == definition.hash &&
                    last_question_.grain == grain && last_question_.dimensions == dimensions &&
                    last_question_.bucket == bucket;
  if (same) return last_partition_;
  std::string encoded = metrics::metric_key(definition, grain, dimensions, bucket).partition_key();
  last_question_ = {definition.hash, grain, dimensions, bucket};
  last_partition_ = find_partition(encoded);
  if (last_partition_ != none) return last_partition_;
  if (free_partitions_.empty()) {
    free_partitions_.push_back(static_cast<std::uint32_t>(partitions_.size()));
    partitions_.emplace_back();
  }
  last_partition_ = free_partitions_.back();
  free_partitions_.pop_back();
  partition_index_.insert(hash64(encoded), last_partition_);
  partition_memory_ += encoded.capacity();
  partitions_[last_partition_] = {grain, std::move(encoded), definition.retention, 0};
  return last_partition_;
}

std::uint32_t HeldMetricRows::find_partition(std::string_view key) const {
  return partition_index_.find(
      hash64(key), [&](std::uint32_t number) { return partitions_[number].key == key; });
}

void HeldMetricRows::release_partition(std::uint32_t number) {
  Partition& partition = partitions_[number];
  if (--partition.rows > 0) return;
  partition_index_.erase(hash64(partition.key), number);
  partition_memory_ -= partition.key.capacity();
  partition.key = {};
  free_partitions_.push_back(number);
  last_partition_ = none;
}

std::uint64_t HeldMetricRows::hash_of(std::uint32_t partition, std::string_view clustering) {
  return hash64(clustering, hash_salt ^ partition);
}

std::uint32_t HeldMetricRows::find_or_add(std::uint32_t partition, Timestamp window,
                                          std::string_view values, std::int32_t source) {
  scratch_.clear();
  append_key_int(scratch_, to_ms(window));
  append_key_text(scratch_, values);
  append_key_int(scratch_, source);
  const std::uint64_t hash = hash_of(partition, scratch_);
  const std::uint32_t found = row_index_.find(hash, [&](std::uint32_t number) {
    return rows_[number]->partition == partition && rows_[number]->clustering == scratch_;
  });
  if (found != HashIndex::npos) return found;
  if (free_rows_.empty()) {
    free_rows_.push_back(static_cast<std::uint32_t>(rows_.size()));
    rows_.emplace_back();
  }
  const std::uint32_t number = free_rows_.back();
  free_rows_.pop_back();
  rows_[number] = std::make_unique<MetricRow>();
  rows_[number]->partition = partition;
  rows_[number]->window = window;
  rows_[number]->clustering = scratch_;
  row_memory_ += cost_of(*rows_[number]);
  ++partitions_[partition].rows;
  row_index_.insert(hash, number);
  link_as_newest(number);
  return number;
}

storage::RowKey HeldMetricRows::key_of(const MetricRow& row) const {
  return {schema::MetricsKey::table, partitions_[row.partition].key, row.clustering};
}

storage::Mutation HeldMetricRows::mutation(const MetricRow& row, Position upto) const {
  const Partition& partition = partitions_[row.partition];
  return {.key = key_of(row),
          .value = row.merged.encode(),
          .position = upto,
          .expires_at = partition.retention.expiry(partition.grain, row.window)};
}

Status HeldMetricRows::loaded(const storage::RowKey& key,
                              const std::optional<storage::StoredRow>& stored) {
  const std::uint32_t partition = find_partition(key.partition);
  const std::uint32_t number =
      row_index_.find(hash_of(partition, key.clustering), [&](std::uint32_t each) {
        return rows_[each]->partition == partition && rows_[each]->clustering == key.clustering;
      });
  if (partition == none || number == none) {
    return fail(ErrorCode::internal, "a metric row was loaded that nobody asked for");
  }
  MetricRow& row = *rows_[number];
  row.known = true;
  if (!stored) return ok();
  row_memory_ -= cost_of(row);
  auto merged = metrics::Aggregate::decode(stored->value);
  if (!merged) return fail(merged.error().within("a row of the table metrics"));
  row.merged = std::move(*merged);
  row.position = stored->position;
  row_memory_ += cost_of(row);
  return ok();
}

void HeldMetricRows::merge(std::uint32_t number, const metrics::Aggregate& change, Position upto) {
  MetricRow& row = *rows_[number];
  row_memory_ -= cost_of(row);
  row.merged.merge(change);
  row.position = upto;
  row_memory_ += cost_of(row);
  unlink(number);
  link_as_newest(number);
}

std::size_t HeldMetricRows::cost_of(const MetricRow& row) {
  constexpr std::size_t allocations = 2 * 16;
  return sizeof(MetricRow) + allocations + row.clustering.capacity() + row.merged.memory() -
         sizeof(metrics::Aggregate);
}

std::size_t HeldMetricRows::memory() const {
  return row_memory_ + partition_memory_ + partitions_.capacity() * sizeof(Partition) +
         rows_.capacity() * sizeof(rows_[0]) + row_index_.memory() + partition_index_.memory();
}

void HeldMetricRows::shrink(std::size_t target,
                            const std::function<void(const MetricRow&)>& leaving) {
  while (memory() > target && oldest_ != none) {
    const std::uint32_t number = oldest_;
    MetricRow& row = *rows_[number];
    leaving(row);
    unlink(number);
    row_index_.erase(hash_of(row.partition, row.clustering), number);
    row_memory_ -= cost_of(row);
    release_partition(row.partition);
    rows_[number].reset();
    free_rows_.push_back(number);
  }
}

void HeldMetricRows::unlink(std::uint32_t number) {
  const MetricRow& row = *rows_[number];
  (row.older == none ? oldest_ : rows_[row.older]->newer) = row.newer;
  (row.newer == none ? newest_ : rows_[row.newer]->older) = row.older;
}

void HeldMetricRows::link_as_newest(std::uint32_t number) {
  MetricRow& row = *rows_[number];
  row.older = newest_;
  row.newer = none;
  (newest_ == none ? oldest_ : rows_[newest_]->newer) = number;
  newest_ = number;
}

}  // namespace bytebasket::processors
