#include "events/card_number.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace bytebasket::events {
namespace {

constexpr std::size_t shortest = 14;
constexpr std::size_t longest = 19;
constexpr std::size_t may_be_shown = 10;
constexpr std::size_t kept = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_run(char c) { return is_digit(c) || c == ' ' || c == '-'; }

bool passes_luhn(std::span<const std::uint8_t> digits) {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    unsigned digit = digits[i];
    if (twice) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

/// Numbers that begin with `first` to `last` (as many digits as those have) and have `least` to
/// `most` digits.
struct Issued {
  unsigned first;
  unsigned last;
  unsigned scale;  ///< 10 to the power of 6 − the digits of `first`
  std::size_t least;
  std::size_t most;
};

constexpr std::array<Issued, 15> issued = {{
    {4, 4, 100'000, 16, 19},    // Visa
    {51, 55, 10'000, 16, 16},   // Mastercard
    {2221, 2720, 100, 16, 16},  // Mastercard
    {34, 34, 10'000, 15, 15},   // American Express
    {37, 37, 10'000, 15, 15},   // American Express
    {6011, 6011, 100, 16, 19},  // Discover
    {644, 659, 1'000, 16, 19},  // Discover
    {62, 62, 10'000, 16, 19},   // UnionPay
    {3528, 3589, 100, 16, 19},  // JCB
    {300, 305, 1'000, 14, 19},  // Diners
    {36, 36, 10'000, 14, 19},   // Diners
    {38, 39, 10'000, 14, 19},   // Diners
    {50, 50, 10'000, 16, 19},   // Maestro
    {56, 58, 10'000, 16, 19},   // Maestro
    {63, 63, 10'000, 16, 19},   // Maestro
}};

bool could_be_issued(std::span<const std::uint8_t> digits) {
  unsigned head = 0;
  for (std::size_t i = 0; i < 6; ++i) head = head * 10 + digits[i];
  return std::any_of(issued.begin(), issued.end(), [&](const Issued& range) {
    const unsigned prefix = head / range.scale;
    return prefix >= range.first && prefix <= range.last && digits.size() >= range.least &&
           digits.size() <= range.most;
  });
}

/// How the digits of a card are grouped; zeros at the end.
using Grouping = std::array<std::size_t, 5>;
constexpr std::array<Grouping, 4> groupings = {
    {{4, 4, 4, 4, 3}, {4, 4, 4, 4, 0}, {4, 6, 5, 0, 0}, {4, 6, 4, 0, 0}}};

/// A card number's place in a text.
struct Found {
  std::size_t begin;
  std::size_t end;
};

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

bool stands_alone(std::string_view text, Found place) {
  const auto joins = [&](std::size_t neighbour, std::size_t beyond) {
    if (neighbour >= text.size()) return false;
    const char c = text[neighbour];
    if (is_digit(c) || is_letter(c) || static_cast<unsigned char>(c) >= 0x80) return true;
    return (c == '.' || c == ',') && beyond < text.size() && is_digit(text[beyond]);
  };
  // Where `place` is at the very beginning these wrap around, which is past the end.
  return !joins(place.begin - 1, place.begin - 2) && !joins(place.end, place.end + 1);
}

bool is_card(std::string_view text, Found place) {
  std::array<std::uint8_t, longest> digits{};
  std::size_t count = 0;
  for (std::size_t i = place.begin; i < place.end; ++i) {
    if (is_digit(text[i])) digits[count++] = static_cast<std::uint8_t>(text[i] - '0');
  }
  const std::span<const std::uint8_t> number(digits.data(), count);
  return could_be_issued(number) && passes_luhn(number) && stands_alone(text, place);
}

/// The end of the groups that begin at `at`, where they are as in `grouping`.
std::optional<std::size_t> match(std::string_view text, std::size_t at, const Grouping& grouping) {
  for (std::size_t i = 0; i < grouping.size() && grouping[i] != 0; ++i) {
    if (i > 0) {
      if (at >= text.size() || (text[at] != ' ' && text[at] != '-')) return std::nullopt;
      ++at;
    }
    if (digits_from(text, at) != grouping[i]) return std::nullopt;
    at += grouping[i];
  }
  return at;
}

/// The card number whose first group begins at `at`.
std::optional<Found> card_at(std::string_view text, std::size_t at) {
  const std::size_t digits = digits_from(text, at);
  if (digits >= shortest && digits <= longest) {
    const Found place{at, at + digits};
    if (is_card(text, place)) return place;
  }
  if (digits != groupings[0][0]) return std::nullopt;
  for (const Grouping& grouping : groupings) {
    const auto end = match(text, at, grouping);
    if (end && is_card(text, {at, *end})) return Found{at, *end};
  }
  return std::nullopt;
}

/// The first card number at or after `from`. A run of digits and separators that is long enough
/// must have one of them at every 14th place, so most text is looked at in a few bytes only.
std::optional<Found> find_card(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at + shortest <= text.size();) {
    std::size_t begin = at + shortest;
    while (begin > at && in_run(text[begin - 1])) --begin;
    if (begin == at + shortest) {
      at += shortest;
      continue;
    }
    std::size_t end = begin;
    while (end < text.size() && in_run(text[end])) {
      if (is_digit(text[end])) {
        if (const auto found = card_at(text, end)) return found;
        end += digits_from(text, end);
      } else {
        ++end;
      }
    }
    at = end + 1;
  }
  return std::nullopt;
}

/// `key` in lower case without separators; empty where it is too long to be known.
class FoldedKey {
 public:
  explicit FoldedKey(std::string_view key) {
    for (const char c : key) {
      if (c == '_' || c == '-' || c == ' ' || c == '.') continue;
      if (size_ == letters_.size()) {
        size_ = 0;
        return;
      }
      letters_[size_++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  template <std::size_t N>
  [[nodiscard]] bool is_one_of(const std::array<std::string_view, N>& names) const {
    return std::find(names.begin(), names.end(), std::string_view(letters_.data(), size_)) !=
           names.end();
  }

 private:
  std::array<char, 24> letters_{};
  std::size_t size_ = 0;
};

constexpr auto card_keys = std::to_array<std::string_view>(
    {"pan", "cardnumber", "cardno", "cardnum", "ccnumber", "ccno", "ccnum", "creditcard",
     "creditcardnumber", "creditcardno", "debitcardnumber", "primaryaccountnumber",
     "paymentcardnumber"});
constexpr auto code_keys =
    std::to_array<std::string_view>({"messageid", "orderid", "cartid", "checkoutid", "productid",
                                     "sku", "gtin", "ean", "upc", "isbn", "barcode"});

}  // namespace

bool has_card_number(std::string_view text) { return find_card(text, 0).has_value(); }
bool is_card_key(std::string_view key) {
  // Most keys are told apart by their first letter.
  const std::size_t first = key.find_first_not_of("_-. ");
  if (first == std::string_view::npos) return false;
  const char letter = static_cast<char>(key[first] | 0x20);
  if (letter != 'c' && letter != 'p' && letter != 'd') return false;
  return FoldedKey(key).is_one_of(card_keys);
}
bool is_code_key(std::string_view key) { return FoldedKey(key).is_one_of(code_keys); }

bool shows_too_much(std::string_view value) {
  return static_cast<std::size_t>(std::count_if(value.begin(), value.end(), is_digit)) >
         may_be_shown;
}

void append_all_masked(std::string& out, std::string_view text) {
  auto left = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
  for (const char c : text) {
    out += is_digit(c) && left-- > kept ? '*' : c;
  }
}

void append_masked(std::string& out, std::string_view text) {
  std::size_t done = 0;
  while (const auto card = find_card(text, done)) {
    out += text.substr(done, card->begin - done);
    append_all_masked(out, text.substr(card->begin, card->end - card->begin));
    done = card->end;
  }
  out += text.substr(done);
}

std::string mask_unread(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    std::array<std::uint8_t, longest> digits{};
    std::size_t count = 0;
    std::size_t end = at;
    std::size_t last_digit = at;
    for (; is_digit(bytes[at]) && end < bytes.size() && in_run(bytes[end]) && count <= longest;
         ++end) {
      if (!is_digit(bytes[end])) continue;
      if (count < longest) digits[count] = static_cast<std::uint8_t>(bytes[end] - '0');
      ++count;
      last_digit = end;
    }
    const bool card =
        count >= shortest - 1 && count <= longest && passes_luhn(std::span(digits.data(), count));
    if (card) {
      append_all_masked(out, bytes.substr(at, last_digit + 1 - at));
      at = last_digit + 1;
    } else {
      // One group on: the next may begin a number.
      const std::size_t step = std::max<std::size_t>(1, digits_from(bytes, at));
      out += bytes.substr(at, step);
      at += step;
    }
  }
  return out;
}

}  // namespace bytebasket::events
