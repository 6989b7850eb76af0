// The compiled plan of all declared metrics, and the accumulator that turns facts into changes of
// rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "metrics/aggregate.hpp"
#include "metrics/definition.hpp"
#include "metrics/dimensions.hpp"
#include "metrics/fact.hpp"
#include "metrics/grain.hpp"

namespace bytebasket::metrics {

/// Definitions made ready for counting: metrics with the same kind of fact, dimensions, grains and
/// retention share their look-ups. Immutable, so several threads may count by one plan.
class MetricPlan {
 public:
  static std::shared_ptr<const MetricPlan> compile(std::vector<MetricDefinition> definitions);
  ~MetricPlan();

  [[nodiscard]] std::span<const MetricDefinition> definitions() const { return definitions_; }

  struct Compiled;
  [[nodiscard]] const Compiled& compiled() const { return *compiled_; }

 private:
  explicit MetricPlan(std::vector<MetricDefinition> definitions);
  std::vector<MetricDefinition> definitions_;
  std::unique_ptr<const Compiled> compiled_;
};

/// What the facts since the last drain change in one row.
struct MetricDelta {
  std::uint32_t metric = 0;  ///< index into the plan's definitions
  Grain grain{};
  Timestamp window;
  DimensionSet dimensions;
  std::string_view values;  ///< encoded (dimensions.hpp)
  const Aggregate* change = nullptr;
};

/// Takes facts and keeps what they change, summed up, until it is drained. One for each partition
/// and plan; not thread-safe. Memory grows with the rows that are touched: drain when memory()
/// passes the limit.
class Accumulator final : public FactSink {
 public:
  explicit Accumulator(std::shared_ptr<const MetricPlan> plan);
  ~Accumulator() override;

  void add(const Fact& fact) override;
  [[nodiscard]] bool counts(FactKind kind, events::EventKind event) const override;

  /// Hands out the change of every row that a fact touched, ordered by dimensions, metric, grain,
  /// values and window, and starts anew. A change may add up to nothing and still counts as one:
  /// the facts that made it up come from several state rows, and if a crash separates them, only
  /// the row's position tells that all of them are in. What one visitor's session or cart takes
  /// back and states anew unchanged touches nothing. The views in a delta live during the call of
  /// `emit`.
  void drain(const std::function<void(const MetricDelta&)>& emit);

  [[nodiscard]] const MetricPlan& plan() const { return *plan_; }
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::size_t memory() const;

 private:
  struct Impl;
  std::shared_ptr<const MetricPlan> plan_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bytebasket::metrics
