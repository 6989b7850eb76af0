// Rows of the table `metrics`, read over a range and merged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analytics/metric_choice.hpp"
#include "base/result.hpp"
#include "metrics/aggregate.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::analytics {

/// What to read and how to merge it. `from` and `to` lie on windows of `grain`.
struct CellQuestion {
  Timestamp from;
  Timestamp to;
  metrics::Grain grain{};
  metrics::DimensionSet shown;  ///< rows are rolled up to these
  std::vector<std::pair<metrics::Dimension, std::string>> filters;
  bool total = false;  ///< one cell over the range, read in the coarsest windows that fit
  std::size_t max_bytes = SIZE_MAX;  ///< that the cells may take in memory
};

/// Aggregates by time, then the encoded values of the shown dimensions. The time is the start of
/// the window, of the range for a total.
using CellPlace = std::pair<Timestamp, std::string>;
using MetricCells = std::map<CellPlace, metrics::Aggregate>;

/// Reads and merges. `now` decides what of a metric that settles is still too young: its minutes
/// are taken off exactly. `invalid_argument` where the cells take more memory than they may.
Result<MetricCells> read_cells(storage::TableStore& store, const StoredChoice& choice,
                               const CellQuestion& question, Timestamp now);

}  // namespace bytebasket::analytics
