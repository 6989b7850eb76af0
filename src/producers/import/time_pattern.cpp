#include "producers/import/time_pattern.hpp"

#include <charconv>
#include <chrono>
#include <string>

namespace bytebasket::producers::import_ {

namespace {

struct Parts {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;

  int* named(char letter) {
    switch (letter) {
      case 'Y':
        return &year;
      case 'm':
        return &month;
      case 'd':
        return &day;
      case 'H':
        return &hour;
      case 'M':
        return &minute;
      case 'S':
        return &second;
      default:
        return nullptr;
    }
  }
};

bool take_number(std::string_view& text, std::size_t least, std::size_t most, int& value) {
  std::size_t digits = 0;
  value = 0;
  while (digits < most && digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    value = value * 10 + (text[digits++] - '0');
  }
  text.remove_prefix(digits);
  return digits >= least;
}

tl::unexpected<Error> bad_time(std::string_view text, std::string_view format) {
  return fail(ErrorCode::invalid_argument, "'" + std::string(text.substr(0, 64)) +
                                               "' is no time of the form " + std::string(format));
}

bool match(std::string_view text, std::string_view format, Parts& parts) {
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%' && i + 1 < format.size()) {
      const char letter = format[++i];
      const std::size_t most = letter == 'Y' ? 4 : 2;
      int* part = parts.named(letter);
      if (part == nullptr || !take_number(text, letter == 'Y' ? 4 : 1, most, *part)) return false;
    } else {
      if (text.empty() || text.front() != format[i]) return false;
      text.remove_prefix(1);
    }
  }
  return text.empty();
}

Result<Timestamp> parse_epoch(std::string_view text, std::string_view format) {
  constexpr std::int64_t year_10000_ms = 253'402'300'800'000;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::int64_t scale = format == "epoch-ms" ? 1 : 1000;
  if (error != std::errc() || end != text.data() + text.size() || count < 0 ||
      count >= year_10000_ms / scale) {
    return bad_time(text, format);
  }
  return timestamp_from_ms(count * scale);
}

}  // namespace

Status check_time_format(std::string_view format) {
  if (format == "rfc3339" || format == "epoch-ms" || format == "epoch-s") return ok();
  Parts parts;
  bool known = true;
  for (std::size_t i = 0; i + 1 < format.size(); ++i) {
    if (format[i] == '%') known = known && parts.named(format[++i]) != nullptr;
  }
  const auto has = [format](std::string_view part) {
    return format.find(part) != std::string_view::npos;
  };
  if (known && has("%Y") && has("%m") && has("%d")) return ok();
  return fail(ErrorCode::invalid_argument,
              "time format '" + std::string(format) +
                  "' is none of rfc3339, epoch-ms, epoch-s, nor a pattern of %Y %m %d %H %M %S");
}

Result<Timestamp> parse_time(std::string_view text, std::string_view format) {
  if (format == "rfc3339") return parse_timestamp(text);
  if (format == "epoch-ms" || format == "epoch-s") return parse_epoch(text, format);
  Parts parts;
  if (!match(text, format, parts)) return bad_time(text, format);
  const std::chrono::year_month_day date(std::chrono::year(parts.year),
                                         std::chrono::month(static_cast<unsigned>(parts.month)),
                                         std::chrono::day(static_cast<unsigned>(parts.day)));
  if (!date.ok() || parts.year < 1970 || parts.hour > 23 || parts.minute > 59 || parts.second > 60)
    return bad_time(text, format);
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(parts.hour) +
         std::chrono::minutes(parts.minute) + std::chrono::seconds(parts.second);
}

}  // namespace bytebasket::producers::import_
