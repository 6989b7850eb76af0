// The parameters of a query: known ones, once, with values that are allowed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace bytebasket::analytics {

/// Names and values after the question mark, in order.
using Parameters = std::span<const std::pair<std::string, std::string>>;

/// `invalid_argument` for a name that is not among `known`, or that stands twice; the message says
/// what is known.
Status only_parameters(Parameters given, std::initializer_list<std::string_view> known);

/// The value of `name`, if it is given.
std::optional<std::string_view> parameter(Parameters given, std::string_view name);

/// `limit`, from 1 to `most`; `most` where it is not given.
Result<std::uint32_t> limit_parameter(Parameters given, std::uint32_t most);

}  // namespace bytebasket::analytics
