#include <algorithm>
#include <array>

#include "base/hash.hpp"
#include "base/short_text.hpp"
#include "metrics/cell_aggregates.hpp"
#include "metrics/cell_table.hpp"
#include "metrics/compiled_plan.hpp"
#include "metrics/interner.hpp"
#include "metrics/plan.hpp"
#include "metrics/roll_up.hpp"
#include "metrics/statement.hpp"

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
  std::uint64_t of(std::string_view person) {
    if (!same_text(person, last_)) {
      last_ = person;
      hash_ = hash64(person);
    }
    return hash_;
  }

 private:
  std::string last_;
  std::uint64_t hash_ = hash64("");
};

/// The window of each grain, counted in windows. Divisors that the compiler knows make this several
/// times faster than three times window_of().
std::array<std::int64_t, grain_count> windows_of(Timestamp time) {
  constexpr std::int64_t minute = length_of(Grain::minute).count();
  const std::int64_t ms = to_ms(time);
  const std::int64_t minutes = ms / minute - (ms % minute < 0 ? 1 : 0);
  const std::int64_t hours = minutes / 60 - (minutes % 60 < 0 ? 1 : 0);
  return {minutes, hours, hours / 24 - (hours % 24 < 0 ? 1 : 0)};
}

/// The place of a statement in the cells of one part of its selection.
struct PartPlace {
  const Selection::Part* part;
  CellTable::Place place;
};

/// True where a fact is part of a visitor's state, all of which is stored by one write.
bool belongs_to_visitor(const Fact& fact) {
  return (fact.kind == FactKind::session || fact.kind == FactKind::cart) && !fact.visitor.empty();
}

}  // namespace

struct Accumulator::Impl {
  const MetricPlan::Compiled& compiled;
  std::span<const MetricDefinition> definitions;
  std::vector<Contribution> contributions;  ///< by source, of the statement being counted
  std::vector<GrainSet> eligible;           ///< by retention, of the statement being counted
  std::vector<PartPlace> places;            ///< of the statement being counted
  std::vector<CellTable> tables;            ///< by group
  std::array<Interner, dimension_count> values;
  CellAggregates aggregates;
  PropertyReader properties;
  PersonHash person;
  Statement statement;
  Statement retraction;
  HeldRetractions held;

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
    return {true, static_cast<std::int64_t>(person.of(id))};
  }

  Contribution take_property(const CompiledSource& source, const Fact& fact) {
    const auto property = properties.find(fact, source.value.property);
    if (!property) return {};
    if (source.aggregate == AggregateKind::distinct) {
      return {true, static_cast<std::int64_t>(hash64(property->text))};
    }
    return {property->millionths.has_value(), property->millionths.value_or(0)};
  }

  /// Reads the fact into `statement`. False where nothing counts it.
  bool read(const Fact& fact) {
    const Selection& selection = compiled.selection(fact.kind, fact.event_kind);
    properties.next_fact();
    statement.contributions.clear();
    bool any = false;
    for (const std::uint32_t source : selection.sources) {
      statement.contributions.push_back(take(compiled.sources[source], fact));
      any = any || statement.contributions.back().counts;
    }
    if (!any) return false;
    statement.late = fact.append_time - fact.time;
    statement.place.selection = &selection;
    statement.place.windows = windows_of(fact.time);
    for (std::size_t i = 0; i < dimension_count; ++i) {
      const bool used = selection.dimensions.contains(static_cast<Dimension>(i));
      statement.place.values[i] = used ? values[i].intern(dimension_text(fact.dimensions[i])) : 0;
    }
    return true;
  }

  GrainSet eligible_in(std::uint32_t retention, Milliseconds late) const {
    GrainSet grains;
    for (const Grain grain : all_grains) {
      if (late <= compiled.retentions[retention].of(grain)) grains.insert(grain);
    }
    return grains;
  }

  /// Where the statement counts in a part; nothing where it does not.
  void find_place(const Selection::Part& part, const Statement& stated) {
    const bool any =
        std::any_of(part.columns.begin(), part.columns.end(),
                    [this](const Column& column) { return contributions[column.source].counts; });
    if (!any) return;
    CellKey key;
    key.grains = GrainSet::from_bits(eligible[part.retention].bits() & part.grains.bits());
    if (key.grains.empty()) return;
    key.window = stated.place.windows[static_cast<std::size_t>(key.grains.finest())];
    for (std::size_t i = 0; i < part.member_count; ++i)
      key.values[i] = stated.place.values[static_cast<std::size_t>(part.members[i])];
    places.push_back({&part, tables[part.group].place_of(key)});
    tables[part.group].prefetch_place(places.back().place);
  }

  void add_to_cell(const PartPlace& where, std::int64_t weight) {
    std::uint64_t* cell = tables[where.part->group].find_or_add(where.place);
    for (const Column& column : where.part->columns) {
      const Contribution& taken = contributions[column.source];
      if (!taken.counts) continue;
      const CompiledSource& source = compiled.sources[column.source];
      cell[column.touched_word] |= column.touched_bit;
      aggregates.add(source.aggregate, cell + column.word, taken.value, weight,
                     definitions[source.metric].bounds);
    }
  }

  void count(const Statement& stated, std::int64_t weight) {
    const Selection& selection = *stated.place.selection;
    for (std::size_t i = 0; i < selection.sources.size(); ++i) {
      contributions[selection.sources[i]] = stated.contributions[i];
    }
    for (std::uint32_t i = 0; i < eligible.size(); ++i) eligible[i] = eligible_in(i, stated.late);
    places.clear();
    for (const Selection::Part& part : selection.parts) find_place(part, stated);
    for (const PartPlace& each : places) tables[each.part->group].prefetch_cell(each.place);
    for (const PartPlace& each : places) add_to_cell(each, weight);
  }

  /// What both say alike counts in neither.
  void cancel() {
    for (std::uint32_t i = 0; i < compiled.retentions.size(); ++i) {
      if (eligible_in(i, statement.late) != eligible_in(i, retraction.late)) return;
    }
    for (std::size_t i = 0; i < statement.contributions.size(); ++i) {
      if (statement.contributions[i] != retraction.contributions[i]) continue;
      statement.contributions[i] = retraction.contributions[i] = {};
    }
  }

  void add(const Fact& fact) {
    if (!read(fact)) return;
    if (belongs_to_visitor(fact)) {
      statement.visitor = person.of(fact.visitor);
      if (fact.weight < 0) {
        held.hold(statement);
        return;
      }
      if (held.take_matching(statement, retraction)) {
        cancel();
        count(retraction, -1);
      }
    }
    count(statement, fact.weight);
  }

  void drain(const std::function<void(const MetricDelta&)>& emit) {
    while (held.take_any(retraction)) count(retraction, -1);
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

bool Accumulator::counts(FactKind kind, events::EventKind event) const {
  return !impl_->compiled.selection(kind, event).sources.empty();
}

void Accumulator::drain(const std::function<void(const MetricDelta&)>& emit) { impl_->drain(emit); }

bool Accumulator::empty() const {
  return impl_->held.empty() &&
         std::all_of(impl_->tables.begin(), impl_->tables.end(),
                     [](const CellTable& table) { return table.size() == 0; });
}

std::size_t Accumulator::memory() const {
  std::size_t bytes = impl_->aggregates.memory() + impl_->held.memory();
  for (const CellTable& table : impl_->tables) bytes += table.memory();
  for (const Interner& interner : impl_->values) bytes += interner.memory();
  return bytes;
}

}  // namespace bytebasket::metrics
