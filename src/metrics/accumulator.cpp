#include <algorithm>
#include <array>

#include "base/hash.hpp"
#include "metrics/cell_aggregates.hpp"
#include "metrics/cell_table.hpp"
#include "metrics/compiled_plan.hpp"
#include "metrics/interner.hpp"
#include "metrics/plan.hpp"
#include "metrics/roll_up.hpp"

namespace bytebasket::metrics {
namespace {

/// Longer texts are cut to this many bytes (at a character's start): a dimension value is part of a
/// row's key.
constexpr std::size_t max_value_bytes = 200;

std::string_view dimension_text(std::string_view text) {
  if (text.size() <= max_value_bytes) return text;
  std::size_t end = max_value_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

/// Hashes a visitor once for all distinct counts of his facts, which mostly come in a row.
class PersonHash {
 public:
  std::int64_t of(std::string_view person) {
    if (person != last_) {
      last_ = person;
      hash_ = static_cast<std::int64_t>(hash64(person));
    }
    return hash_;
  }

 private:
  std::string last_;
  std::int64_t hash_ = static_cast<std::int64_t>(hash64(""));
};

}  // namespace

struct Accumulator::Impl {
  /// What a source takes from the fact at hand.
  struct Contribution {
    bool counts = false;
    std::int64_t value = 0;
  };
  /// What all groups need to know of the fact at hand.
  struct Place {
    std::array<std::int64_t, grain_count> windows{};
    std::array<std::uint32_t, dimension_count> values{};
  };

  const MetricPlan::Compiled& compiled;
  std::span<const MetricDefinition> definitions;
  std::vector<Contribution> contributions;  ///< by source
  std::vector<GrainSet> eligible;           ///< by retention
  std::vector<CellTable> tables;            ///< by group
  std::array<Interner, dimension_count> values;
  CellAggregates aggregates;
  PropertyReader properties;
  PersonHash person;

  explicit Impl(const MetricPlan& plan)
      : compiled(plan.compiled()),
        definitions(plan.definitions()),
        contributions(compiled.sources.size()),
        eligible(compiled.retentions.size()),
        tables(compiled.groups.begin(), compiled.groups.end()) {}

  Contribution take(const CompiledSource& source, const Fact& fact) {
    if (!source.always && !source.where.matches(fact, properties)) return {};
    switch (source.value.kind) {
      case ValueSource::Kind::none:
        return {true, 0};
      case ValueSource::Kind::field: {
        const auto field = fact.field(source.value.field);
        return {field.has_value(), field.value_or(0)};
      }
      case ValueSource::Kind::visitor:
        return take_person(fact.visitor);
      case ValueSource::Kind::session:
        return take_person(fact.session);
      case ValueSource::Kind::customer:
        return take_person(fact.customer);
      case ValueSource::Kind::property:
        return take_property(source, fact);
    }
    return {};
  }

  Contribution take_person(std::string_view id) {
    if (id.empty()) return {};
    return {true, person.of(id)};
  }

  Contribution take_property(const CompiledSource& source, const Fact& fact) {
    const auto property = properties.find(fact, source.value.property);
    if (!property) return {};
    if (source.aggregate == AggregateKind::distinct)
      return {true, static_cast<std::int64_t>(hash64(property->text))};
    return {property->millionths.has_value(), property->millionths.value_or(0)};
  }

  void find_eligible(const Fact& fact) {
    const Milliseconds late = fact.append_time - fact.time;
    for (std::size_t i = 0; i < eligible.size(); ++i) {
      eligible[i] = {};
      for (const Grain grain : all_grains) {
        if (late <= compiled.retentions[i].of(grain)) eligible[i].insert(grain);
      }
    }
  }

  Place find_place(const Fact& fact, DimensionSet dimensions) {
    Place place;
    for (const Grain grain : all_grains) {
      place.windows[static_cast<std::size_t>(grain)] =
          to_ms(window_of(grain, fact.time)) / length_of(grain).count();
    }
    for (std::size_t i = 0; i < dimension_count; ++i) {
      if (!dimensions.contains(static_cast<Dimension>(i))) continue;
      place.values[i] = values[i].intern(dimension_text(fact.dimensions[i]));
    }
    return place;
  }

  void add_to_part(const Selection::Part& part, const Place& place, std::int64_t weight) {
    const bool any =
        std::any_of(part.columns.begin(), part.columns.end(),
                    [this](const Column& column) { return contributions[column.source].counts; });
    if (!any) return;
    const CellGroup& group = compiled.groups[part.group];
    CellKey key;
    key.grains = GrainSet::from_bits(eligible[group.retention].bits() & group.grains.bits());
    if (key.grains.empty()) return;
    key.window = place.windows[static_cast<std::size_t>(key.grains.finest())];
    for (std::size_t i = 0; i < group.members.size(); ++i) {
      key.values[i] = place.values[static_cast<std::size_t>(group.members[i])];
    }
    std::uint64_t* cell = tables[part.group].find_or_add(key);
    for (const Column& column : part.columns) {
      const Contribution& taken = contributions[column.source];
      if (!taken.counts) continue;
      const CompiledSource& source = compiled.sources[column.source];
      aggregates.add(source.aggregate, cell + column.word, taken.value, weight,
                     definitions[source.metric].bounds);
    }
  }

  void add(const Fact& fact) {
    const Selection& selection = compiled.selection(fact);
    properties.next_fact();
    bool any = false;
    for (const std::uint32_t source : selection.sources) {
      contributions[source] = take(compiled.sources[source], fact);
      any = any || contributions[source].counts;
    }
    if (!any) return;
    find_eligible(fact);
    const Place place = find_place(fact, selection.dimensions);
    for (const Selection::Part& part : selection.parts) add_to_part(part, place, fact.weight);
  }

  void drain(const std::function<void(const MetricDelta&)>& emit) {
    std::array<std::vector<std::uint32_t>, dimension_count> ranks;
    for (std::size_t i = 0; i < dimension_count; ++i) ranks[i] = values[i].ranks();
    for (CellTable& table : tables) {
      const RollUp rows(table, values, ranks);
      for (const Column& column : table.group().columns) {
        const CompiledSource& source = compiled.sources[column.source];
        rows.each(aggregates, column, source.aggregate, [&](MetricDelta delta) {
          delta.metric = source.metric;
          emit(delta);
        });
      }
      table.clear();
    }
    for (Interner& interner : values) interner.clear();
    aggregates.clear();
  }
};

Accumulator::Accumulator(std::shared_ptr<const MetricPlan> plan)
    : plan_(std::move(plan)), impl_(std::make_unique<Impl>(*plan_)) {}

Accumulator::~Accumulator() = default;

void Accumulator::add(const Fact& fact) { impl_->add(fact); }

void Accumulator::drain(const std::function<void(const MetricDelta&)>& emit) { impl_->drain(emit); }

bool Accumulator::empty() const {
  return std::all_of(impl_->tables.begin(), impl_->tables.end(),
                     [](const CellTable& table) { return table.size() == 0; });
}

std::size_t Accumulator::memory() const {
  std::size_t bytes = impl_->aggregates.memory();
  for (const CellTable& table : impl_->tables) bytes += table.memory();
  for (const Interner& interner : impl_->values) bytes += interner.memory();
  return bytes;
}

}  // namespace bytebasket::metrics
