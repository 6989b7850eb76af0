// Metric rows held in memory, least recently used first out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "metrics/definition.hpp"
#include "metrics/hash_index.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// A row of the table `metrics`, decoded.
struct MetricRow {
  static constexpr std::uint32_t none = UINT32_MAX;

  std::uint32_t partition = 0;
  std::uint32_t older = none;  ///< neighbours by last use
  std::uint32_t newer = none;
  std::uint32_t change =
      none;  ///< the number of the change that waits to be merged, given by the rows' owner
  bool known = false;  ///< `merged` is what the store has
  Timestamp window;
  std::string clustering;
  Position position;  ///< of `merged`
  metrics::Aggregate merged;
};

/// Rows by key. A row's number is its own until shrink() lets it go. Not thread-safe.
class HeldMetricRows {
 public:
  /// The number of the table partition that a window's rows stand in.
  std::uint32_t partition(const metrics::MetricDefinition& definition, metrics::Grain grain,
                          metrics::DimensionSet dimensions, Timestamp window);

  std::uint32_t find_or_add(std::uint32_t partition, Timestamp window, std::string_view values,
                            std::int32_t source);
  [[nodiscard]] MetricRow& row(std::uint32_t number) { return *rows_[number]; }
  [[nodiscard]] metrics::Grain grain_of(const MetricRow& row) const {
    return partitions_[row.partition].grain;
  }
  [[nodiscard]] storage::RowKey key_of(const MetricRow& row) const;
  /// What writes `row.merged` at `upto`, with the expiry of its grain.
  [[nodiscard]] storage::Mutation mutation(const MetricRow& row, Position upto) const;

  /// Takes a row of the store for a row that is held.
  Status loaded(const storage::RowKey& key, const std::optional<storage::StoredRow>& stored);
  /// Merges a change into a row that is known, which then stands at `upto` and is the last to go.
  void merge(std::uint32_t number, const metrics::Aggregate& change, Position upto);

  [[nodiscard]] std::size_t memory() const;
  /// Lets rows go, least recently used first, until memory() ≤ `target`; `leaving` is called for
  /// each.
  void shrink(std::size_t target, const std::function<void(const MetricRow&)>& leaving);

 private:
  static constexpr std::uint32_t none = MetricRow::none;

  struct Partition {
    metrics::Grain grain{};
    std::string key;  ///< encoded
    metrics::GrainRetention retention;
    std::size_t rows = 0;  ///< that are held; the partition goes with the last of them
  };
  /// What a partition was asked for last: changes come in runs of one.
  struct PartitionQuestion {
    std::string definition;  ///< its hash
    metrics::Grain grain{};
    metrics::DimensionSet dimensions;
    std::int64_t bucket = 0;
  };

  [[nodiscard]] static std::uint64_t hash_of(std::uint32_t partition, std::string_view clustering);
  [[nodiscard]] static std::size_t cost_of(const MetricRow& row);
  std::uint32_t find_partition(std::string_view key) const;
  void release_partition(std::uint32_t number);
  void unlink(std::uint32_t number);
  void link_as_newest(std::uint32_t number);

  std::vector<Partition> partitions_;
  std::vector<std::uint32_t> free_partitions_;
  metrics::HashIndex partition_index_;
  PartitionQuestion last_question_;
  std::uint32_t last_partition_ = none;
  std::size_t partition_memory_ = 0;

  std::vector<std::unique_ptr<MetricRow>> rows_;
  std::vector<std::uint32_t> free_rows_;
  metrics::HashIndex row_index_;
  std::string scratch_;
  std::uint32_t oldest_ = none;
  std::uint32_t newest_ = none;
  std::size_t row_memory_ = 0;
};

}  // namespace bytebasket::processors
