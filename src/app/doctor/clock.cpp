#include <ctime>

#include <fmt/format.h>

#include "app/doctor/doctor.hpp"

namespace bytebasket::app {
namespace {

constexpr Milliseconds tolerated_skew{5'000};

}  // namespace

Finding judge_clock(const std::string& what, std::optional<Timestamp> there, Timestamp here) {
  if (!there) return {what, false, "the server does not say its time"};
  const Milliseconds apart = *there > here ? *there - here : here - *there;
  if (apart <= tolerated_skew) return {what, true, "agrees with this machine's"};
  return {what, false,
          fmt::format("{} s {} this machine's; let both follow a time server",
                      apart.count() / 1'000, *there > here ? "ahead of" : "behind")};
}

std::optional<Timestamp> parse_http_date(const std::string& text) {
  std::tm parts{};
  const char* const end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return timestamp_from_ms(static_cast<std::int64_t>(::timegm(&parts)) * 1'000);
}

}  // namespace bytebasket::app
