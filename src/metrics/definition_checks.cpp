#include "metrics/definition_checks.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "events/money.hpp"
#include "metrics/fields.hpp"

namespace bytebasket::metrics {
namespace {

template <typename T>
std::string names_of(const std::vector<T>& list) {
  std::string names;
  for (const T each : list) names += (names.empty() ? "" : ", ") + std::string(name_of(each));
  return names;
}

template <typename T>
bool contains(const std::vector<T>& list, T wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool carries_event(FactKind from) { return from == FactKind::event || from == FactKind::line; }

/// What is wrong with an operand for these facts; empty where nothing is.
std::string operand_problem(const std::string& name, FactKind from) {
  const std::string facts = "'" + std::string(name_of(from)) + "'";
  if (name == "event" || name == "stream" || name.starts_with("properties.")) {
    return carries_event(from)
               ? ""
               : "'" + name + "' is only known of events and lines, not of " + facts;
  }
  if (name == "refund_type") {
    const bool refund = from == FactKind::refund || from == FactKind::refund_line;
    return refund ? "" : "'refund_type' is only known of refunds and refund_lines, not of " + facts;
  }
  if (const auto field = field_named(name)) {
    if (contains(fields_of(from), *field)) return "";
    return facts + " have no field '" + name + "'; they have " + names_of(fields_of(from));
  }
  if (const auto dimension = dimension_named(name)) {
    if (contains(dimensions_of(from), *dimension)) return "";
    return facts + " have no dimension '" + name + "'; they have " + names_of(dimensions_of(from));
  }
  return "";
}

ValueSource::Kind person_named(std::string_view name) {
  if (name == "visitor") return ValueSource::Kind::visitor;
  if (name == "session") return ValueSource::Kind::session;
  if (name == "customer") return ValueSource::Kind::customer;
  return ValueSource::Kind::none;
}

Unit natural_unit(AggregateKind aggregate, std::string_view value) {
  if (aggregate == AggregateKind::count || aggregate == AggregateKind::distinct) return Unit::count;
  if (value.starts_with("properties.")) return Unit::number;
  const auto field = field_named(value);
  if (field && is_money(*field)) return Unit::money;
  return field == Field::duration_ms ? Unit::milliseconds : Unit::count;
}

std::string text_of(const ValueSource& value) {
  switch (value.kind) {
    case ValueSource::Kind::none:
      return "";
    case ValueSource::Kind::field:
      return std::string(name_of(value.field));
    case ValueSource::Kind::property:
      return "properties." + value.property;
    case ValueSource::Kind::visitor:
      return "visitor";
    case ValueSource::Kind::session:
      return "session";
    case ValueSource::Kind::customer:
      return "customer";
  }
  return "";
}

}  // namespace

Result<std::string> check_name(std::string_view name) {
  const bool fine = !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                    });
  if (fine) return std::string(name);
  return fail(ErrorCode::invalid_argument, "'" + std::string(name) +
                                               "' is no name of a metric; allowed: a letter, then "
                                               "letters, digits and _, lower case, at most 64");
}

Result<AggregateKind> check_aggregate(std::string_view name) {
  if (const auto kind = aggregate_named(name)) return *kind;
  return fail(
      ErrorCode::invalid_argument,
      "'" + std::string(name) +
          "' is no aggregate; allowed: count, sum, min, max, distinct, quantile, histogram");
}

Result<FactKind> check_fact_kind(std::string_view name) {
  if (const auto kind = fact_kind_named(name)) return *kind;
  return fail(ErrorCode::invalid_argument,
              "'" + std::string(name) +
                  "' is nothing to count; allowed: events, lines, sessions, carts, orders, "
                  "order_lines, refunds, refund_lines");
}

Result<Dimension> check_dimension(std::string_view name, FactKind from) {
  const auto dimension = dimension_named(name);
  if (dimension && contains(dimensions_of(from), *dimension)) return *dimension;
  return fail(ErrorCode::invalid_argument, "'" + std::string(name) + "' is no dimension of '" +
                                               std::string(name_of(from)) +
                                               "'; allowed: " + names_of(dimensions_of(from)));
}

Result<ValueSource> check_value(AggregateKind aggregate, FactKind from, std::string_view value) {
  ValueSource source;
  const std::string quoted = "'" + std::string(value) + "'";
  if (aggregate == AggregateKind::count) {
    if (value.empty()) return source;
    return fail(ErrorCode::invalid_argument,
                "'count' takes no value; to count with a condition use 'where'");
  }
  if (value.starts_with("properties.") && value.size() > 11) {
    if (!carries_event(from)) {
      return fail(ErrorCode::invalid_argument, quoted + " is only known of events and lines");
    }
    source.kind = ValueSource::Kind::property;
    source.property = value.substr(11);
    return source;
  }
  if (aggregate == AggregateKind::distinct) {
    source.kind = person_named(value);
    if (source.kind != ValueSource::Kind::none) return source;
    return fail(ErrorCode::invalid_argument,
                "'distinct' needs a value to tell apart, not " + quoted +
                    "; allowed: visitor, session, customer, properties.<name>");
  }
  const auto field = field_named(value);
  if (field && contains(fields_of(from), *field)) {
    source.kind = ValueSource::Kind::field;
    source.field = *field;
    return source;
  }
  return fail(ErrorCode::invalid_argument,
              "'" + std::string(name_of(aggregate)) + "' needs a value of '" +
                  std::string(name_of(from)) + "', not " + quoted + "; allowed: " +
                  names_of(fields_of(from)) + (carries_event(from) ? ", properties.<name>" : ""));
}

Result<std::size_t> check_operands(const Filter& filter, FactKind from) {
  for (const std::string& name : filter.operands()) {
    const std::string problem = operand_problem(name, from);
    if (!problem.empty()) return fail(ErrorCode::invalid_argument, problem);
  }
  return filter.operands().size();
}

Result<Unit> unit_of(AggregateKind aggregate, std::string_view value,
                     const std::optional<std::string>& declared) {
  const Unit natural = natural_unit(aggregate, value);
  if (!declared || *declared == name_of(natural)) return natural;
  // A property may be an amount of money: only who declares it knows.
  if (natural == Unit::number && *declared == "money") return Unit::money;
  const std::string allowed =
      natural == Unit::number ? "number, money" : std::string(name_of(natural));
  return fail(ErrorCode::invalid_argument,
              "'unit: " + *declared + "' does not fit '" + std::string(name_of(aggregate)) +
                  (value.empty() ? "" : " of " + std::string(value)) + "'; allowed: " + allowed);
}

Result<Unit> unit_of(const Derivation& derivation,
                     const std::function<const MetricDefinition*(std::string_view)>& find) {
  std::optional<Unit> sides[2];
  const std::vector<Derivation::Term>* terms[2] = {&derivation.numerator, &derivation.denominator};
  for (int side = 0; side < 2; ++side) {
    for (const auto& term : *terms[side]) {
      const MetricDefinition& metric = *find(term.metric);
      const bool exact = metric.aggregate == AggregateKind::count ||
                         metric.aggregate == AggregateKind::sum ||
                         metric.aggregate == AggregateKind::distinct;
      if (!exact) {
        return fail(ErrorCode::invalid_argument,
                    "'" + term.metric + "' is a " + std::string(name_of(metric.aggregate)) +
                        "; only count, sum and distinct can be derived from");
      }
      if (sides[side] && *sides[side] != metric.unit) {
        return fail(ErrorCode::invalid_argument,
                    "'" + term.metric + "' is in another unit than what it is added to");
      }
      sides[side] = metric.unit;
    }
  }
  if (!sides[1]) return *sides[0];
  return sides[0] == Unit::money && sides[1] != Unit::money ? Unit::money : Unit::ratio;
}

std::optional<std::int64_t> parse_value(const ValueSource& value, std::string_view text) {
  if (value.kind == ValueSource::Kind::field) return parse_field_value(value.field, text);
  const auto number = events::parse_money(text);
  return number ? std::optional(number->value()) : std::nullopt;
}

std::string identity_of(const MetricDefinition& definition) {
  std::string text = "1|" + definition.name + '|' + std::string(name_of(definition.unit)) + '|' +
                     std::string(name_of(definition.aggregate)) + '|' +
                     std::to_string(definition.quantile) + '|' +
                     std::to_string(definition.settle.count());
  for (const std::int64_t bound : definition.bounds) text += '|' + std::to_string(bound);
  for (const MetricSource& source : definition.sources) {
    text += "|from " + std::string(name_of(source.from)) + " where " + source.where.text() +
            " value " + text_of(source.value);
    for (const StoredSet& set : source.sets) {
      text += " by " + to_string(set.dimensions) + ' ' + std::to_string(set.grains.bits());
    }
  }
  return to_hex(hash64(text));
}

}  // namespace bytebasket::metrics
