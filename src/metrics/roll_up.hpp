// The cells of a group → changes of rows: sorted, and rolled up from the finest grain each counts
// in to the others.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "metrics/cell_aggregates.hpp"
#include "metrics/cell_table.hpp"
#include "metrics/interner.hpp"
#include "metrics/plan.hpp"

namespace bytebasket::metrics {

/// Made once for a group when it is drained; each() is then called for every column. Order is that
/// of the dimension values' texts, then of time, whatever the order of the facts.
class RollUp {
 public:
  /// `ranks` order the values of each dimension by their texts.
  RollUp(const CellTable& table, const std::array<Interner, dimension_count>& values,
         const std::array<std::vector<std::uint32_t>, dimension_count>& ranks);

  /// Emits a delta for each row of the column that a fact touched, in each grain; its `metric` is
  /// left for the caller to set.
  void each(const CellAggregates& aggregates, const Column& column, AggregateKind kind,
            const std::function<void(MetricDelta)>& emit) const;

 private:
  struct Row {
    std::array<std::uint32_t, 4> ranks{};
    std::int64_t time = 0;  ///< start of the cell's window
    std::uint32_t cell = 0;
    GrainSet grains;
    std::uint32_t values = 0;  ///< index into values_
    auto operator<=>(const Row&) const = default;
  };

  void each_of_grain(Grain grain, const CellAggregates& aggregates, const Column& column,
                     Aggregate& change, const std::function<void(MetricDelta)>& emit) const;

  const CellTable& table_;
  std::vector<Row> rows_;
  std::vector<std::string> values_;  ///< encoded, one for each run of rows with the same ranks
};

}  // namespace bytebasket::metrics
