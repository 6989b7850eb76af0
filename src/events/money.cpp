#include "events/money.hpp"

#include <array>
#include <charconv>
#include <limits>

#include "events/money_text.hpp"

namespace bytebasket::events {
namespace {

constexpr std::int64_t micros_per_unit = 1'000'000;
constexpr int micro_digits = 6;
constexpr int max_digits = 19;  ///< of a number of millionths that can still fit

bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> no_money(std::string_view text, std::string_view why) {
  return fail(ErrorCode::invalid_argument, "'" + std::string(text.substr(0, 64)) +
                                               "' is no amount of money: " + std::string(why));
}

/// A decimal taken apart: its digits (with perhaps a point among them) and its power of ten.
struct Decimal {
  bool negative = false;
  std::string_view digits;
  std::int64_t scale = 0;  ///< how many of the digits stand behind the point; less the exponent
};

/// Takes `e+12` off the front; nullopt where no digit follows. Exponents saturate: they overflow or
/// vanish anyway.
std::optional<std::int64_t> take_exponent(std::string_view& rest) {
  rest.remove_prefix(1);
  bool negative = false;
  if (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (rest.empty() || !is_digit(rest.front())) return std::nullopt;
  std::int64_t exponent = 0;
  for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1)) {
    if (exponent < 1'000'000'000) exponent = exponent * 10 + (rest.front() - '0');
  }
  return negative ? -exponent : exponent;
}

Result<Decimal> take_apart(std::string_view text) {
  Decimal decimal;
  std::string_view rest = text;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    decimal.negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  const char* const begin = rest.data();
  bool point = false;
  std::size_t seen = 0;
  for (; !rest.empty() && (is_digit(rest.front()) || (rest.front() == '.' && !point));
       rest.remove_prefix(1)) {
    if (rest.front() == '.') {
      point = true;
      continue;
    }
    ++seen;
    if (point) ++decimal.scale;
  }
  if (seen == 0) return no_money(text, "a decimal number is wanted, for example 25.10");
  decimal.digits = std::string_view(begin, static_cast<std::size_t>(rest.data() - begin));
  if (!rest.empty() && (rest.front() == 'e' || rest.front() == 'E')) {
    const auto exponent = take_exponent(rest);
    if (!exponent) return no_money(text, "no digits in its exponent");
    decimal.scale -= *exponent;
  }
  if (!rest.empty()) return no_money(text, "a decimal number is wanted, for example 25.10");
  return decimal;
}

/// The digits without point and leading zeros, one at a time.
class DigitReader {
 public:
  explicit DigitReader(std::string_view digits) : rest_(digits) {
    while (!rest_.empty() && !(rest_.front() >= '1' && rest_.front() <= '9'))
      rest_.remove_prefix(1);
  }
  [[nodiscard]] std::int64_t count() const {
    std::int64_t n = 0;
    for (const char c : rest_) n += c != '.' ? 1 : 0;
    return n;
  }
  /// The next digit; 0 past the end.
  unsigned next() {
    if (!rest_.empty() && rest_.front() == '.') rest_.remove_prefix(1);
    if (rest_.empty()) return 0;
    const auto digit = static_cast<unsigned>(rest_.front() - '0');
    rest_.remove_prefix(1);
    return digit;
  }
  [[nodiscard]] bool only_zeros_left() const {
    return rest_.find_first_not_of("0.") == std::string_view::npos;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<Currency> Currency::parse(std::string_view code) {
  if (code.size() != 3) return std::nullopt;
  std::uint32_t bits = 0;
  for (const char c : code) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    if (upper < 'A' || upper > 'Z') return std::nullopt;
    bits = bits << 8 | static_cast<unsigned char>(upper);
  }
  return from_bits(bits);
}

std::string Currency::text() const {
  if (empty()) return {};
  return {static_cast<char>(bits_ >> 16), static_cast<char>(bits_ >> 8), static_cast<char>(bits_)};
}

std::optional<Micros> read_plain_money(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t first = at;
  constexpr std::size_t most_whole = 12;  // with six decimals behind them they cannot overflow
  std::int64_t micros = 0;
  for (; at < text.size() && at - first < most_whole && is_digit(text[at]); ++at)
    micros = micros * 10 + (text[at] - '0');
  const std::size_t whole = at - first;
  std::size_t decimals = 0;
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && is_digit(text[at]) && decimals < micro_digits; ++at, ++decimals)
      micros = micros * 10 + (text[at] - '0');
  }
  if (at != text.size() || whole == 0) return std::nullopt;
  static constexpr std::array<std::int64_t, micro_digits + 1> scale = {
      1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  return Micros(first == 1 ? -micros * scale[decimals] : micros * scale[decimals]);
}

bool is_shortest_money(std::string_view plain) {
  const std::string_view digits = plain.substr(plain.starts_with('-') ? 1 : 0);
  if (digits.size() > 1 && digits[0] == '0' && digits[1] != '.') return false;
  const bool fraction = digits.find('.') != std::string_view::npos;
  return fraction ? digits.back() != '0' && digits.back() != '.' : plain != "-0";
}

Result<Micros> parse_money(std::string_view text) {
  if (const auto plain = read_plain_money(text)) return *plain;
  BB_ASSIGN_OR_RETURN(const Decimal decimal, take_apart(text));
  DigitReader digits(decimal.digits);
  const std::int64_t significant = digits.count();
  if (significant == 0) return Micros(0);
  // So many of the significant digits belong to the whole millionths; the others are rounded.
  const std::int64_t whole = significant - decimal.scale + micro_digits;
  static constexpr std::string_view too_large = "it is beyond ±9,223,372,036,854.775807";
  if (whole > max_digits) return no_money(text, too_large);
  if (whole < 0) return Micros(0);
  std::uint64_t micros = 0;
  for (std::int64_t i = 0; i < whole; ++i) micros = micros * 10 + digits.next();
  const unsigned first_dropped = digits.next();
  const bool exact_half = first_dropped == 5 && digits.only_zeros_left();
  if (exact_half ? micros % 2 == 1 : first_dropped >= 5) ++micros;
  if (micros > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return no_money(text, too_large);
  const auto amount = static_cast<std::int64_t>(micros);
  return Micros(decimal.negative ? -amount : amount);
}

namespace {

std::uint64_t magnitude(Micros amount) {
  const auto bits = static_cast<std::uint64_t>(amount.value());
  return amount.value() < 0 ? 0 - bits : bits;
}

/// A point and six digits.
char* write_decimals(char* at, std::uint64_t fraction) {
  *at = '.';
  for (int i = micro_digits; i > 0; --i) {
    at[i] = static_cast<char>('0' + fraction % 10);
    fraction /= 10;
  }
  return at + 1 + micro_digits;
}

char* write_whole_units(char* at, Micros amount) {
  if (amount.value() < 0) *at++ = '-';
  return std::to_chars(at, at + longest_money, magnitude(amount) / micros_per_unit).ptr;
}

}  // namespace

std::string format_money(Micros amount) {
  std::array<char, longest_money> text;
  char* const end =
      write_decimals(write_whole_units(text.data(), amount), magnitude(amount) % micros_per_unit);
  return std::string(text.data(), end);
}

char* write_money_shortest(char* at, Micros amount) {
  at = write_whole_units(at, amount);
  const std::uint64_t fraction = magnitude(amount) % micros_per_unit;
  if (fraction == 0) return at;
  at = write_decimals(at, fraction);
  while (at[-1] == '0') --at;
  return at;
}

void append_money_shortest(std::string& out, Micros amount) {
  std::array<char, longest_money> text;
  out.append(text.data(), write_money_shortest(text.data(), amount));
}

std::optional<Micros> add(Micros a, Micros b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.value(), b.value(), &sum)) return std::nullopt;
  return Micros(sum);
}

std::optional<Micros> multiply(Micros price, std::int64_t quantity) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(price.value(), quantity, &product)) return std::nullopt;
  return Micros(product);
}

}  // namespace bytebasket::events
