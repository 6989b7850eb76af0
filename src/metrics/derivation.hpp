// `derive:` expressions: sums and differences of metrics, and one division.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "metrics/definition.hpp"

namespace bytebasket::metrics {

/// Reads `revenue - refunds`, `a / b`, `a / (b + c)`, `(a - b) / (c + d)`. `invalid_argument` says
/// what was expected where. Whether the metrics exist is for the caller to check.
Result<Derivation> parse_derivation(std::string_view text);

/// The expression in its canonical spelling.
std::string to_string(const Derivation& derivation);

}  // namespace bytebasket::metrics
