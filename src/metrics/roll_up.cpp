#include "metrics/roll_up.hpp"

#include <algorithm>

namespace bytebasket::metrics {

RollUp::RollUp(const CellTable& table, const std::array<Interner, dimension_count>& values,
               const std::array<std::vector<std::uint32_t>, dimension_count>& ranks)
    : table_(table) {
  const std::vector<Dimension>& members = table.group().members;
  rows_.reserve(table.size());
  for (std::uint32_t cell = 0; cell < table.size(); ++cell) {
    const CellKey key = table.key_of(cell);
    Row row{.time = key.window * length_of(key.grains.finest()).count(),
            .cell = cell,
            .grains = key.grains};
    for (std::size_t i = 0; i < members.size(); ++i) {
      row.ranks[i] = ranks[static_cast<std::size_t>(members[i])][key.values[i]];
    }
    rows_.push_back(row);
  }
  std::sort(rows_.begin(), rows_.end());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (i == 0 || rows_[i].ranks != rows_[i - 1].ranks) {
      const CellKey key = table.key_of(rows_[i].cell);
      std::string encoded;
      for (std::size_t m = 0; m < members.size(); ++m) {
        append_value(encoded, values[static_cast<std::size_t>(members[m])].text_of(key.values[m]),
                     m == 0);
      }
      values_.push_back(std::move(encoded));
    }
    rows_[i].values = static_cast<std::uint32_t>(values_.size() - 1);
  }
}

void RollUp::each(const CellAggregates& aggregates, const Column& column, AggregateKind kind,
                  const std::function<void(MetricDelta)>& emit) const {
  Aggregate change(kind);
  for (const Grain grain : all_grains) {
    if (table_.group().grains.contains(grain))
      each_of_grain(grain, aggregates, column, change, emit);
  }
}

/// Rows are ordered by values, then time: those of one window of any grain stand together.
void RollUp::each_of_grain(Grain grain, const CellAggregates& aggregates, const Column& column,
                           Aggregate& change, const std::function<void(MetricDelta)>& emit) const {
  const Aggregate identity(change.kind());
  for (std::size_t i = 0; i < rows_.size();) {
    const Row& first = rows_[i];
    const Timestamp window = window_of(grain, timestamp_from_ms(first.time));
    const std::int64_t end = to_ms(window + length_of(grain));
    change = identity;
    bool touched = false;
    for (; i < rows_.size() && rows_[i].values == first.values && rows_[i].time < end; ++i) {
      const std::uint64_t* cell = table_.cell(rows_[i].cell);
      if ((cell[column.touched_word] & column.touched_bit) == 0) continue;
      if (!rows_[i].grains.contains(grain)) continue;
      touched = true;
      aggregates.merge_into(change, cell + column.word);
    }
    if (!touched) continue;
    emit({.grain = grain,
          .window = window,
          .dimensions = table_.group().dimensions,
          .values = values_[first.values],
          .change = &change});
  }
}

}  // namespace bytebasket::metrics
