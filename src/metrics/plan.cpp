#include "metrics/plan.hpp"

#include <algorithm>

#include "metrics/compiled_plan.hpp"

namespace bytebasket::metrics {
namespace {

class PlanCompiler {
 public:
  MetricPlan::Compiled compile(std::span<const MetricDefinition> definitions) {
    for (std::uint32_t i = 0; i < definitions.size(); ++i) {
      for (const MetricSource& source : definitions[i].sources)
        add_source(i, definitions[i], source);
    }
    for (CellGroup& group : plan_.groups) lay_out(group);
    for (std::size_t kind = 0; kind < fact_kind_count; ++kind) select(static_cast<FactKind>(kind));
    return std::move(plan_);
  }

 private:
  void add_source(std::uint32_t metric, const MetricDefinition& definition,
                  const MetricSource& source) {
    const auto number = static_cast<std::uint32_t>(plan_.sources.size());
    const bool by_event = source.from == FactKind::event || source.from == FactKind::line;
    const bool always =
        source.where.text().empty() || (by_event && source.where.decided_by_event_kind());
    plan_.sources.push_back({metric, definition.aggregate, source.value, source.where, always});
    kinds_.push_back(source.from);
    for (const StoredSet& set : source.sets) {
      group_for(source.from, set, retention_for(definition.retention)).columns.push_back({number});
    }
  }

  std::uint32_t retention_for(const GrainRetention& retention) {
    auto& all = plan_.retentions;
    const auto found = std::find(all.begin(), all.end(), retention);
    if (found != all.end()) return static_cast<std::uint32_t>(found - all.begin());
    all.push_back(retention);
    return static_cast<std::uint32_t>(all.size() - 1);
  }

  CellGroup& group_for(FactKind from, const StoredSet& set, std::uint32_t retention) {
    for (CellGroup& group : plan_.groups) {
      const bool same = group.from == from && group.dimensions == set.dimensions &&
                        group.grains == set.grains && group.retention == retention;
      if (same) return group;
    }
    CellGroup group{
        .from = from, .dimensions = set.dimensions, .grains = set.grains, .retention = retention};
    group.members = set.dimensions.members();
    plan_.groups.push_back(std::move(group));
    return plan_.groups.back();
  }

  /// Window and grains in one word, two dimension values to a word, a bit for each column, then the
  /// aggregates.
  void lay_out(CellGroup& group) {
    group.key_words = 1 + static_cast<std::uint32_t>(group.members.size() + 1) / 2;
    group.cell_words = group.key_words + static_cast<std::uint32_t>(group.columns.size() + 63) / 64;
    for (std::uint32_t i = 0; i < group.columns.size(); ++i) {
      Column& column = group.columns[i];
      column.touched_word = group.key_words + i / 64;
      column.touched_bit = std::uint64_t{1} << (i % 64);
      column.word = group.cell_words;
      group.cell_words += words_of(plan_.sources[column.source].aggregate);
    }
  }

  void select(FactKind kind) {
    const bool by_event = kind == FactKind::event || kind == FactKind::line;
    auto& selections = plan_.selections[static_cast<std::size_t>(kind)];
    selections.resize(by_event ? schema::event_kind_count : 1);
    for (std::size_t event = 0; event < selections.size(); ++event) {
      Selection& selection = selections[event];
      for (std::uint32_t i = 0; i < plan_.sources.size(); ++i) {
        const bool can_match =
            kinds_[i] == kind && (!by_event || plan_.sources[i].where.event_kinds()[event]);
        if (can_match) selection.sources.push_back(i);
      }
      select_parts(kind, selection);
    }
  }

  void select_parts(FactKind kind, Selection& selection) {
    for (std::uint32_t i = 0; i < plan_.groups.size(); ++i) {
      const CellGroup& group = plan_.groups[i];
      if (group.from != kind) continue;
      Selection::Part part{.group = i, .retention = group.retention, .grains = group.grains};
      part.member_count = static_cast<std::uint8_t>(group.members.size());
      std::copy(group.members.begin(), group.members.end(), part.members.begin());
      for (const Column& column : group.columns) {
        const auto& wanted = selection.sources;
        if (std::find(wanted.begin(), wanted.end(), column.source) != wanted.end())
          part.columns.push_back(column);
      }
      if (part.columns.empty()) continue;
      selection.dimensions = selection.dimensions.with(group.dimensions);
      selection.parts.push_back(std::move(part));
    }
  }

  MetricPlan::Compiled plan_;
  std::vector<FactKind> kinds_;  ///< by source
};

}  // namespace

std::shared_ptr<const MetricPlan> MetricPlan::compile(std::vector<MetricDefinition> definitions) {
  return std::shared_ptr<const MetricPlan>(new MetricPlan(std::move(definitions)));
}

MetricPlan::MetricPlan(std::vector<MetricDefinition> definitions)
    : definitions_(std::move(definitions)),
      compiled_(std::make_unique<const Compiled>(PlanCompiler().compile(definitions_))) {}

MetricPlan::~MetricPlan() = default;

}  // namespace bytebasket::metrics
