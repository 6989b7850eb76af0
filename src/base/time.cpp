#include "base/time.hpp"

#include <array>
#include <charconv>

namespace bytebasket {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

Error bad_time(std::string_view text, std::string_view why) {
  return {ErrorCode::invalid_argument,
          "'" + std::string(text.substr(0, 64)) + "' is not a time: " + std::string(why) +
              " (expected RFC 3339, for example 2026-11-22T10:00:00Z)"};
}

/// Takes exactly `digits` digits off the front of `text`; -1 where there are none.
int take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

/// `.123456`: milliseconds, further digits cut; -1 where no digit follows the point.
int take_fraction(std::string_view& text) {
  int ms = 0;
  int seen = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (seen < 3) ms = ms * 10 + (text.front() - '0');
    ++seen;
    text.remove_prefix(1);
  }
  if (seen == 0) return -1;
  for (; seen < 3; ++seen) ms *= 10;
  return ms;
}

/// `Z`, ` UTC`, `+02:00`, `+0200`, `+02` or nothing: minutes east of UTC.
bool take_zone(std::string_view& text, int& minutes_east) {
  minutes_east = 0;
  if (text.empty() || text == "Z" || text == "z" || text == " UTC" || text == "UTC") {
    text = {};
    return true;
  }
  const char sign = text.front();
  if (sign != '+' && sign != '-') return false;
  text.remove_prefix(1);
  const int hours = take_digits(text, 2);
  if (hours < 0 || hours > 23) return false;
  int minutes = 0;
  if (!text.empty()) {
    take(text, ':');
    minutes = take_digits(text, 2);
    if (minutes < 0 || minutes > 59) return false;
  }
  minutes_east = (hours * 60 + minutes) * (sign == '+' ? 1 : -1);
  return text.empty();
}

void append_two(std::string& out, unsigned value) {
  out += static_cast<char>('0' + value / 10);
  out += static_cast<char>('0' + value % 10);
}

void append_seconds(std::string& out, Timestamp time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const year_month_day date(days);
  auto rest = (time - days).count() / 1000;
  const int y = static_cast<int>(date.year());
  append_two(out, static_cast<unsigned>(y / 100));
  append_two(out, static_cast<unsigned>(y % 100));
  out += '-';
  append_two(out, static_cast<unsigned>(date.month()));
  out += '-';
  append_two(out, static_cast<unsigned>(date.day()));
  out += 'T';
  append_two(out, static_cast<unsigned>(rest / 3600));
  out += ':';
  append_two(out, static_cast<unsigned>(rest / 60 % 60));
  out += ':';
  append_two(out, static_cast<unsigned>(rest % 60));
}

unsigned milliseconds_of(Timestamp time) {
  return static_cast<unsigned>((time - std::chrono::floor<std::chrono::seconds>(time)).count());
}

void append_fraction(std::string& out, unsigned ms) {
  out += '.';
  out += static_cast<char>('0' + ms / 100);
  append_two(out, ms % 100);
}

}  // namespace

Result<Timestamp> parse_timestamp(std::string_view text) {
  std::string_view rest = text;
  const int y = take_digits(rest, 4);
  if (y < 1970 || !take(rest, '-')) return fail(bad_time(text, "no year from 1970 to 9999"));
  const int m = take_digits(rest, 2);
  if (!take(rest, '-')) return fail(bad_time(text, "no month"));
  const int d = take_digits(rest, 2);
  if (m < 0 || d < 0) return fail(bad_time(text, "no date"));
  const year_month_day date(year(y), month(static_cast<unsigned>(m)),
                            day(static_cast<unsigned>(d)));
  if (!date.ok()) return fail(bad_time(text, "no such date"));
  const Timestamp midnight{sys_days(date)};
  if (rest.empty()) return midnight;

  if (!take(rest, 'T') && !take(rest, ' ') && !take(rest, 't'))
    return fail(bad_time(text, "no 'T' after the date"));
  const int hours = take_digits(rest, 2);
  if (hours < 0 || hours > 23 || !take(rest, ':')) return fail(bad_time(text, "no hour"));
  const int minutes = take_digits(rest, 2);
  if (minutes < 0 || minutes > 59) return fail(bad_time(text, "no minute"));
  int seconds = 0;
  int ms = 0;
  if (take(rest, ':')) {
    seconds = take_digits(rest, 2);
    if (seconds < 0 || seconds > 60) return fail(bad_time(text, "no second"));
    if (take(rest, '.') || take(rest, ',')) {
      ms = take_fraction(rest);
      if (ms < 0) return fail(bad_time(text, "no digits after the decimal point"));
    }
  }
  int minutes_east = 0;
  if (!take_zone(rest, minutes_east)) return fail(bad_time(text, "unknown time zone"));
  const Timestamp time = midnight + std::chrono::hours(hours) +
                         std::chrono::minutes(minutes - minutes_east) +
                         std::chrono::seconds(seconds) + Milliseconds(ms);
  if (to_ms(time) < 0) return fail(bad_time(text, "before 1970"));
  return time;
}

void append_timestamp_ms(std::string& out, Timestamp time) {
  append_seconds(out, time);
  append_fraction(out, milliseconds_of(time));
  out += 'Z';
}

std::string format_timestamp(Timestamp time) {
  std::string out;
  out.reserve(24);
  append_seconds(out, time);
  if (const unsigned ms = milliseconds_of(time); ms != 0) append_fraction(out, ms);
  out += 'Z';
  return out;
}

std::string format_date(Timestamp time) {
  std::string out;
  append_seconds(out, time);
  out.resize(10);
  return out;
}

Result<Milliseconds> parse_duration(std::string_view text) {
  if (text == "forever") return Milliseconds::max();
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  std::int64_t scale = 0;
  if (unit == "ms") scale = 1;
  if (unit == "s") scale = 1000;
  if (unit == "m") scale = 60'000;
  if (unit == "h") scale = 3'600'000;
  if (unit == "d") scale = 86'400'000;
  std::int64_t ms = 0;
  if (error != std::errc() || scale == 0 || count < 0 ||
      __builtin_mul_overflow(count, scale, &ms)) {
    return fail(ErrorCode::invalid_argument,
                "'" + std::string(text) +
                    "' is not a duration (for example 250ms, 30s, 5m, 1h, 14d or forever)");
  }
  return Milliseconds(ms);
}

std::string format_duration(Milliseconds duration) {
  if (duration == Milliseconds::max()) return "forever";
  static constexpr std::array<std::pair<std::int64_t, const char*>, 4> units = {
      {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}}};
  const std::int64_t ms = duration.count();
  for (const auto& [scale, name] : units) {
    if (ms != 0 && ms % scale == 0) return std::to_string(ms / scale) + name;
  }
  return std::to_string(ms) + "ms";
}

Timestamp SystemClock::now() const {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

}  // namespace bytebasket
