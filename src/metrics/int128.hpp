// 128-bit integers for sums that cannot overflow and quotients that are exact.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace bytebasket::metrics {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

/// The number as 64 bits, where it fits.
constexpr std::optional<std::int64_t> narrow(Int128 number) {
  if (number < std::numeric_limits<std::int64_t>::min() ||
      number > std::numeric_limits<std::int64_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number);
}

/// numerator ÷ denominator, rounded half to even. `denominator` is not zero.
constexpr Int128 divide_half_even(Int128 numerator, Int128 denominator) {
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  Int128 quotient = numerator / denominator;
  Int128 rest = numerator % denominator;
  if (rest < 0) {
    rest += denominator;
    --quotient;
  }
  const Int128 to_next = denominator - rest;
  if (rest > to_next || (rest == to_next && (quotient & 1) != 0)) ++quotient;
  return quotient;
}

}  // namespace bytebasket::metrics
