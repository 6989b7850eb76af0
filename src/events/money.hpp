// Money is a 64-bit integer of millionths with its currency: never a float in a sum, never two
// currencies in one.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/strong.hpp"

namespace bytebasket::events {

/// Millionths of a currency unit.
using Micros = Strong<struct MicrosTag, std::int64_t>;

/// An ISO 4217 code (three letters, upper case), packed. Default-constructed: none.
class Currency {
 public:
  constexpr Currency() = default;
  /// Three ASCII letters in any case; nullopt for anything else.
  static std::optional<Currency> parse(std::string_view code);
  static constexpr Currency from_bits(std::uint32_t bits) {
    Currency currency;
    currency.bits_ = bits;
    return currency;
  }

  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }
  [[nodiscard]] std::string text() const;  ///< "EUR"; empty for none
  constexpr auto operator<=>(const Currency&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

/// Reads a decimal number exactly: `25.10` is 25,100,000 millionths. More than six decimals round
/// half to even, so float noise (`75.30000000000001`) is 75.3. Exponents are read.
/// `invalid_argument` names what is wrong: no number, NaN, infinity, or beyond
/// ±9,223,372,036,854.775807.
Result<Micros> parse_money(std::string_view text);

/// `"25.100000"`: always six decimals (the HTTP API's form).
std::string format_money(Micros amount);

/// `25.1`: the shortest exact decimal, a JSON number (the canonical event's form).
void append_money_shortest(std::string& out, Micros amount);

/// Sums and products that say when they overflow.
std::optional<Micros> add(Micros a, Micros b);
std::optional<Micros> multiply(Micros price, std::int64_t quantity);

}  // namespace bytebasket::events
