// One row as a mapping sees it, and the values its rules make of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "events/money.hpp"
#include "producers/import/mapping.hpp"

namespace bytebasket::producers::import_ {

/// The cells stand in the order of Mapping::columns; an empty one is the same as none.
struct Row {
  std::span<const std::string_view> cells;
  std::string_view text;  ///< all of it, for the dead letters
  std::string id;         ///< the row's message id
  std::uint64_t line = 0;
};

[[nodiscard]] bool holds(const Condition& condition, const Row& row);
[[nodiscard]] bool holds(std::span<const Condition> conditions, const Row& row);

/// Appends the value as JSON. False where there is none; `invalid_argument` where it is not of its
/// type.
Result<bool> append_value(std::string& out, const ValueRule& rule, const Row& row, bool negate);

/// The value as a number in millionths, for sums; nullopt where there is none.
Result<std::optional<events::Micros>> amount_of(const ValueRule& rule, const Row& row, bool negate);

}  // namespace bytebasket::producers::import_
