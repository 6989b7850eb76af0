#include <algorithm>

#include "analytics/metric_cells.hpp"
#include "analytics/metric_choice.hpp"
#include "analytics/metric_cursor.hpp"
#include "analytics/metric_query.hpp"
#include "analytics/metric_values.hpp"

namespace bytebasket::analytics {
namespace {

using metrics::Grain;
using metrics::MetricCatalogue;
using metrics::MetricDefinition;

/// One question on its way to its answer.
class Question {
 public:
  Question(storage::TableStore& store, const MetricCatalogue& catalogue,
           const MetricDefinition& definition, const MetricQuery& query, Timestamp now,
           std::size_t max_bytes)
      : store_(store), catalogue_(catalogue), definition_(definition), query_(query), now_(now) {
    cells_.max_bytes = max_bytes;
  }

  Result<MetricAnswer> answer() {
    cells_.shown = shown_dimensions(definition_, query_.by);
    cells_.filters = query_.filters;
    cells_.total = query_.total;
    BB_RETURN_IF_ERROR(choose_grain());
    BB_ASSIGN_OR_RETURN(const std::optional<MetricCursor> cursor, read_cursor());
    BB_RETURN_IF_ERROR(choose_range(cursor));
    BB_ASSIGN_OR_RETURN(const MetricValues values, read());
    return page(values, cursor);
  }

 private:
  metrics::DimensionSet needed() const {
    metrics::DimensionSet needed = cells_.shown;
    for (const auto& [dimension, value] : query_.filters) needed.insert(dimension);
    return needed;
  }

  bool kept_in(Grain grain) const {
    const auto operands = operands_of(definition_, catalogue_);
    return std::all_of(operands.begin(), operands.end(), [&](const MetricDefinition* each) {
      return choose_set(*each, needed(), grain).has_value();
    });
  }

  /// The grain asked for, if rows are kept in it. Otherwise the hour; for a total, and where there
  /// is no hour, the finest.
  Status choose_grain() {
    metrics::GrainSet kept;
    for (const Grain grain : metrics::all_grains) {
      if (kept_in(grain)) kept.insert(grain);
    }
    if (kept.empty() || (query_.grain && !kept.contains(*query_.grain))) {
      const std::string asked =
          query_.grain ? " in windows of " + std::string(name_of(*query_.grain)) : "";
      return fail(ErrorCode::invalid_argument,
                  "'" + definition_.name + "' is not kept by '" + to_string(needed()) + "'" +
                      asked + "; it is kept by " +
                      describe(answerable_sets(definition_, catalogue_)) + ", and parts of these");
    }
    if (query_.order != RowOrder::time &&
        definition_.aggregate == metrics::AggregateKind::histogram) {
      return fail(ErrorCode::invalid_argument,
                  "'" + definition_.name + "' is a histogram: it has no order by value");
    }
    const Grain usual = !query_.total && kept.contains(Grain::hour) ? Grain::hour : kept.finest();
    cells_.grain = query_.grain.value_or(usual);
    return ok();
  }

  Result<std::optional<MetricCursor>> read_cursor() const {
    if (query_.cursor.empty()) return std::optional<MetricCursor>();
    BB_ASSIGN_OR_RETURN(auto cursor, MetricCursor::parse(query_.cursor));
    return std::optional(std::move(cursor));
  }

  /// Whole windows; a cursor goes on with the range of its first page.
  Status choose_range(const std::optional<MetricCursor>& cursor) {
    if (cursor) {
      cells_.from = cursor->from;
      cells_.to = cursor->to;
      return check_range();
    }
    const Milliseconds usual =
        cells_.grain == Grain::day ? Milliseconds(std::chrono::days(30)) : std::chrono::days(1);
    const Timestamp to = query_.to.value_or(query_.from ? std::max(now_, *query_.from) : now_);
    const Timestamp from = query_.from.value_or(to - usual);
    const Milliseconds window = length_of(cells_.grain);
    cells_.from = floor_to(from, window);
    cells_.to = floor_to(to + window - Milliseconds(1), window);
    return check_range();
  }

  /// A question costs at least a read for each table partition of its range.
  Status check_range() const {
    constexpr std::int64_t most_partitions = 4000;
    const std::int64_t partitions =
        bucket_of(cells_.grain, cells_.to) - bucket_of(cells_.grain, cells_.from);
    if (partitions <= most_partitions) return ok();
    return fail(ErrorCode::invalid_argument, "the range from " + format_timestamp(cells_.from) +
                                                 " to " + format_timestamp(cells_.to) +
                                                 " is too long for windows of " +
                                                 std::string(name_of(cells_.grain)) +
                                                 "; ask for a part of it, or for longer windows");
  }

  Result<MetricValues> read() {
    std::map<std::string, MetricCells> operands;
    for (const MetricDefinition* operand : operands_of(definition_, catalogue_)) {
      const auto choice = choose_set(*operand, needed(), cells_.grain);
      BB_ASSIGN_OR_RETURN(operands[operand->name], read_cells(store_, *choice, cells_, now_));
    }
    if (definition_.derived()) return derive(definition_, catalogue_, operands);
    return values_of(definition_, operands.at(definition_.name));
  }

  using Ordered = std::vector<const MetricValues::value_type*>;

  /// True where `a` stands before `b` in the order asked for. Ties go by time, then by the
  /// dimensions' values.
  bool before(const CellPlace& a, metrics::Int128 value_a, const CellPlace& b,
              metrics::Int128 value_b) const {
    if (query_.order == RowOrder::value && value_a != value_b) return value_a < value_b;
    if (query_.order == RowOrder::value_descending && value_a != value_b) return value_a > value_b;
    return a < b;
  }

  Result<MetricAnswer> page(const MetricValues& values,
                            const std::optional<MetricCursor>& cursor) const {
    Ordered rows;
    for (const auto& entry : values) {
      if (!cursor || before(cursor->place, cursor->value, entry.first, entry.second.number))
        rows.push_back(&entry);
    }
    const std::size_t size = std::min<std::size_t>(rows.size(), query_.limit);
    const auto in_order = [this](const auto* a, const auto* b) {
      return before(a->first, a->second.number, b->first, b->second.number);
    };
    if (query_.order != RowOrder::time) {
      std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(size), rows.end(),
                        in_order);
    }
    MetricAnswer answer{.metric = definition_.name,
                        .grain = query_.total ? "total" : std::string(name_of(cells_.grain)),
                        .unit = std::string(name_of(definition_.unit)),
                        .money = definition_.unit == metrics::Unit::money};
    for (const auto dimension : cells_.shown.members())
      answer.dims.emplace_back(name_of(dimension));
    if (size < rows.size()) {
      const auto& [place, value] = *rows[size - 1];
      answer.next = MetricCursor{cells_.from, cells_.to, place, value.number}.text();
    }
    rows.resize(size);
    for (const auto* row : rows) {
      BB_ASSIGN_OR_RETURN(auto dims, metrics::decode_values(row->first.second, answer.dims.size()));
      answer.rows.push_back({row->first.first, std::move(dims), row->second.text});
    }
    return answer;
  }

  storage::TableStore& store_;
  const MetricCatalogue& catalogue_;
  const MetricDefinition& definition_;
  const MetricQuery& query_;
  const Timestamp now_;
  CellQuestion cells_;
};

}  // namespace

Result<MetricAnswer> MetricReader::answer(const MetricCatalogue& catalogue,
                                          const MetricQuery& query, Timestamp now) {
  const MetricDefinition* definition = catalogue.find(query.metric);
  if (definition == nullptr) {
    std::string known;
    for (const auto& other : catalogue.all()) known += (known.empty() ? "" : ", ") + other.name;
    return fail(ErrorCode::not_found,
                "there is no metric '" + query.metric + "'; there are: " + known);
  }
  return Question(store_, catalogue, *definition, query, now, max_bytes_).answer();
}

}  // namespace bytebasket::analytics
