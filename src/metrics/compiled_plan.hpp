// The plan's inner form: which facts touch which cells. For plan.cpp and the accumulator only.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "metrics/cell_aggregates.hpp"
#include "metrics/plan.hpp"

namespace bytebasket::metrics {

/// One source of one metric: evaluated once for a fact, whatever the number of dimension sets.
struct CompiledSource {
  std::uint32_t metric = 0;
  AggregateKind aggregate{};
  ValueSource value;
  Filter where;
  bool always = false;  ///< whatever is selected for the fact's event kind matches
};

/// The place of a source's aggregate in a group's cells.
struct Column {
  std::uint32_t source = 0;
  std::uint32_t word = 0;          ///< where in the cell it starts
  std::uint32_t touched_word = 0;  ///< where the bit stands that says whether a fact touched it
  std::uint64_t touched_bit = 0;
};

/// Cells with the same kind of fact, dimensions, grains and retention: one look-up serves all
/// metrics in it.
struct CellGroup {
  FactKind from{};
  DimensionSet dimensions;
  GrainSet grains;
  std::uint32_t retention = 0;  ///< index into Compiled::retentions
  std::vector<Dimension> members;
  std::vector<Column> columns;
  std::uint32_t key_words = 0;   ///< window and dimension values, at the front of a cell
  std::uint32_t cell_words = 0;  ///< key, touched bits, aggregates
};

/// What facts of one kind (and event kind) have to do.
struct Selection {
  /// What finding a cell of a group takes, side by side.
  struct Part {
    std::uint32_t group = 0;
    std::uint32_t retention = 0;  ///< of the group, as the next two
    GrainSet grains;
    std::uint8_t member_count = 0;
    std::array<Dimension, 4> members{};
    std::vector<Column> columns;  ///< those of the group whose sources are in `sources`
  };
  std::vector<std::uint32_t> sources;
  std::vector<Part> parts;
  DimensionSet dimensions;  ///< of all parts together
};

struct MetricPlan::Compiled {
  std::vector<CompiledSource> sources;
  std::vector<CellGroup> groups;
  std::vector<GrainRetention> retentions;
  /// By FactKind; events and lines by EventKind below it, the others have one entry.
  std::array<std::vector<Selection>, fact_kind_count> selections;

  [[nodiscard]] const Selection& selection(FactKind kind, events::EventKind event) const {
    const auto& of_kind = selections[static_cast<std::size_t>(kind)];
    return of_kind.size() == 1 ? of_kind[0] : of_kind[static_cast<std::size_t>(event)];
  }
};

}  // namespace bytebasket::metrics
