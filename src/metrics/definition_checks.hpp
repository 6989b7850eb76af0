// What may be declared: each check gives the parsed value, or an error that says what is allowed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "metrics/definition.hpp"

namespace bytebasket::metrics {

inline constexpr std::size_t max_dimensions_together = 4;
inline constexpr std::size_t max_bounds = 256;

Result<std::string> check_name(std::string_view name);
Result<AggregateKind> check_aggregate(std::string_view name);
Result<FactKind> check_fact_kind(std::string_view name);
Result<Dimension> check_dimension(std::string_view name, FactKind from);

/// `value:` for this aggregate of these facts. Empty where none is given, which only `count`
/// allows.
Result<ValueSource> check_value(AggregateKind aggregate, FactKind from, std::string_view value);
/// The operands of a filter must be carried by the facts it is for. Gives their number.
Result<std::size_t> check_operands(const Filter& filter, FactKind from);

/// The unit of what is aggregated, and of what is derived.
Result<Unit> unit_of(AggregateKind aggregate, std::string_view value,
                     const std::optional<std::string>& declared);
Result<Unit> unit_of(const Derivation& derivation,
                     const std::function<const MetricDefinition*(std::string_view)>& find);

/// A number as written in the value's own unit.
std::optional<std::int64_t> parse_value(const ValueSource& value, std::string_view text);

/// The hash of all that changes results: what the rows of a definition are kept under. The help and
/// the retention are not in it, so changing them keeps the past.
std::string identity_of(const MetricDefinition& definition);

}  // namespace bytebasket::metrics
