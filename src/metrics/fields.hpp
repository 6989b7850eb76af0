// Names and units of what facts carry: which fields there are, which of them a kind of fact has,
// and how their numbers are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/fact.hpp"

namespace bytebasket::metrics {

std::string_view name_of(Field field);
std::optional<Field> field_named(std::string_view name);
/// `revenue, value, price, …`
std::string field_names();

/// `events`, `lines`, `sessions`, `carts`, `orders`, `order_lines`, `refunds`, `refund_lines`
std::string_view name_of(FactKind kind);
std::optional<FactKind> fact_kind_named(std::string_view name);

/// Fields that facts of a kind may carry.
std::vector<Field> fields_of(FactKind kind);
/// Dimensions that facts of a kind may carry.
std::vector<Dimension> dimensions_of(FactKind kind);

/// True for amounts of money, in millionths.
constexpr bool is_money(Field field) {
  return field == Field::revenue || field == Field::value || field == Field::price ||
         field == Field::discount || field == Field::shipping || field == Field::tax;
}

/// A number as people write it, in the field's own unit: money in units with decimals, the rest
/// integers. nullopt where it is no such number.
std::optional<std::int64_t> parse_field_value(Field field, std::string_view text);

}  // namespace bytebasket::metrics
