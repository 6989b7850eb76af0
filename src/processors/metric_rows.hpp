// Changes of metrics → rows of the table `metrics`: loaded, merged and written at the flush's
// position.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "metrics/plan.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::processors {

/// The number that stands for a source partition in the key of metric rows.
std::int32_t metric_source(streams::TopicPartition where);

/// The metric rows of one source partition. One flush is:
///
///   rows.take(accumulator);                      // what changed
///   rows.missing(keys); … rows.loaded(key, row)  // read what is not held and may exist
///   mutations = rows.drain(upto);                // merged, each at `upto`, ready to be written
///
/// Merged rows stay in memory, so that hot ones are read once; shrink() lets the least recently
/// used go. A row found at a position ≥ `upto` was written by an interrupted flush to the same
/// position: it ignores the change.
///
/// A row need not be read where it provably does not exist: its window starts after every window
/// this source wrote before (a row of marks in the same table says up to which), or nothing was
/// ever written. The marks prove nothing for a flush that repeats an interrupted one, so up to
/// `intent` every row is read.
///
/// Not thread-safe: one owner, its partition's runner. After an error of the store throw it away
/// and make a new one.
class MetricRows {
 public:
  /// `applied`: up to where the partition was processed when the owner started (offset −1: never).
  /// `intent`: up to where a flush may have been under way; equal to `applied` where none was.
  MetricRows(std::int32_t source, Position applied, Position intent);
  ~MetricRows();
  MetricRows(MetricRows&&) noexcept;
  MetricRows& operator=(MetricRows&&) noexcept;

  /// Drains the accumulator. May be called several times before drain(), for instance when
  /// definitions change.
  void take(metrics::Accumulator& accumulator);

  /// Appends the keys of touched rows that a flush to `upto` has to read first.
  void missing(Position upto, std::vector<storage::RowKey>& keys);
  /// Takes a row that missing() asked for. An error: the stored bytes are corrupt.
  Status loaded(const storage::RowKey& key, const std::optional<storage::StoredRow>& row);
  /// Merges what was taken into the rows and hands out those that change.
  std::vector<storage::Mutation> drain(Position upto);

  /// Memory held, in bytes.
  [[nodiscard]] std::size_t memory() const;
  /// Lets go of rows, least recently used first, until memory() ≤ `target` or none is left. Only
  /// after drain().
  void shrink(std::size_t target);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bytebasket::processors
