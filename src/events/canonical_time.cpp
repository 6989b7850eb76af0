#include "events/canonical_time.hpp"

#include <array>

namespace bytebasket::events {
namespace {

constexpr std::size_t length = 24;
constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";

void put(char* at, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

/// Digits from `at` on; all of them are known to be digits.
unsigned take(std::string_view text, std::size_t at, std::size_t digits) {
  unsigned value = 0;
  for (std::size_t i = at; i < at + digits; ++i)
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  return value;
}

bool has_shape(std::string_view text) {
  if (text.size() != length) return false;
  for (std::size_t i = 0; i < length; ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return false;
  }
  return true;
}

}  // namespace

void append_canonical_time(std::string& out, Timestamp time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const auto ms = static_cast<unsigned>((time - days).count());
  std::array<char, length> text;
  shape.copy(text.data(), length);
  put(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
  put(text.data() + 5, static_cast<unsigned>(date.month()), 2);
  put(text.data() + 8, static_cast<unsigned>(date.day()), 2);
  put(text.data() + 11, ms / 3'600'000, 2);
  put(text.data() + 14, ms / 60'000 % 60, 2);
  put(text.data() + 17, ms / 1000 % 60, 2);
  put(text.data() + 20, ms % 1000, 3);
  out.append(text.data(), length);
}

std::optional<Timestamp> read_canonical_time(std::string_view text) {
  if (!has_shape(text)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(take(text, 0, 4))),
                                         std::chrono::month(take(text, 5, 2)),
                                         std::chrono::day(take(text, 8, 2))};
  const unsigned hours = take(text, 11, 2);
  const unsigned minutes = take(text, 14, 2);
  const unsigned seconds = take(text, 17, 2);
  if (!date.ok() || date.year() < std::chrono::year(1970) || hours > 23 || minutes > 59 ||
      seconds > 59)
    return std::nullopt;
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(hours) +
         std::chrono::minutes(minutes) + std::chrono::seconds(seconds) +
         Milliseconds(take(text, 20, 3));
}

}  // namespace bytebasket::events
