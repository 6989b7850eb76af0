#include "processors/metric_rows.hpp"

#include <utility>

#include "processors/held_metric_rows.hpp"
#include "processors/metric_marks.hpp"

namespace bytebasket::processors {

using metrics::MetricDefinition;
using metrics::MetricDelta;

std::int32_t metric_source(streams::TopicPartition where) {
  return static_cast<std::int32_t>(where.stream) << 16 | where.partition.value();
}

struct MetricRows::Impl {
  std::int32_t source;
  Position intent;
  MetricMarks marks;
  HeldMetricRows held;
  std::vector<std::uint32_t>
      touched;  ///< rows with a change that is not written, in order of their first change
  std::vector<metrics::Aggregate> changes;  ///< one for each of `touched`

  Impl(std::int32_t of, Position applied, Position until)
      : source(of),
        intent(until),
        marks(of, applied.offset.value() < 0 && until.offset.value() < 0) {}

  void take(const MetricDefinition& definition, const MetricDelta& delta) {
    const std::uint32_t partition =
        held.partition(definition, delta.grain, delta.dimensions, delta.window);
    const std::uint32_t number = held.find_or_add(partition, delta.window, delta.values, source);
    MetricRow& row = held.row(number);
    if (!row.known) row.merged = metrics::Aggregate(delta.change->kind());
    if (row.change == MetricRow::none) {
      row.change = static_cast<std::uint32_t>(touched.size());
      touched.push_back(number);
      changes.push_back(*delta.change);
    } else {
      changes[row.change].merge(*delta.change);
    }
  }

  /// Whether the row can be known without reading it. A new one beyond the marks starts as nothing.
  bool settle(MetricRow& row, Position upto) {
    if (row.known) return true;
    if (upto <= intent || !marks.proves_absent(held.grain_of(row), row.window)) return false;
    row.known = true;
    return true;
  }

  std::vector<storage::Mutation> drain(Position upto) {
    std::vector<storage::Mutation> mutations;
    mutations.reserve(touched.size() + 1);
    for (const std::uint32_t number : touched) {
      MetricRow& row = held.row(number);
      const metrics::Aggregate& change = changes[std::exchange(row.change, MetricRow::none)];
      // Also of a row that the interrupted flush wrote: its mark may not have been written any
      // more.
      marks.wrote(held.grain_of(row), row.window);
      if (row.position < upto) {
        held.merge(number, change, upto);
        mutations.push_back(held.mutation(row, upto));
      }
    }
    touched = std::vector<std::uint32_t>();
    changes = std::vector<metrics::Aggregate>();
    if (auto mutation = marks.drain(upto)) mutations.push_back(std::move(*mutation));
    return mutations;
  }
};

MetricRows::MetricRows(std::int32_t source, Position applied, Position intent)
    : impl_(std::make_unique<Impl>(source, applied, intent)) {}
MetricRows::~MetricRows() = default;
MetricRows::MetricRows(MetricRows&&) noexcept = default;
MetricRows& MetricRows::operator=(MetricRows&&) noexcept = default;

void MetricRows::take(metrics::Accumulator& accumulator) {
  const auto definitions = accumulator.plan().definitions();
  accumulator.drain(
      [&](const MetricDelta& delta) { impl_->take(definitions[delta.metric], delta); });
}

void MetricRows::missing(Position upto, std::vector<storage::RowKey>& keys) {
  if (impl_->touched.empty()) return;
  if (!impl_->marks.known()) {
    keys.push_back(impl_->marks.key());
    return;
  }
  for (const std::uint32_t number : impl_->touched) {
    MetricRow& row = impl_->held.row(number);
    if (!impl_->settle(row, upto)) keys.push_back(impl_->held.key_of(row));
  }
}

Status MetricRows::loaded(const storage::RowKey& key,
                          const std::optional<storage::StoredRow>& row) {
  if (key == impl_->marks.key()) return impl_->marks.loaded(row);
  return impl_->held.loaded(key, row);
}

std::vector<storage::Mutation> MetricRows::drain(Position upto) { return impl_->drain(upto); }

std::size_t MetricRows::memory() const {
  return impl_->held.memory() + impl_->touched.capacity() * sizeof(std::uint32_t) +
         impl_->changes.capacity() * sizeof(metrics::Aggregate);
}

void MetricRows::shrink(std::size_t target) {
  impl_->held.shrink(target, [this](const MetricRow& row) {
    // Whoever asks for it again must read it: the store has it.
    impl_->marks.forget(impl_->held.grain_of(row), row.window);
  });
}

}  // namespace bytebasket::processors
