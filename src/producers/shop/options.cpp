#include "producers/shop/options.hpp"

#include <algorithm>

namespace bytebasket::producers::shop {

std::int64_t visits_per_day_for(double events_per_second) {
  constexpr double seconds_per_day = 86'400;
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(events_per_second * seconds_per_day / events_per_visit));
}

Status validate(const ShopOptions& options) {
  std::string wrong;
  const auto require = [&wrong](bool holds, const char* rule) {
    if (holds) return;
    if (!wrong.empty()) wrong += "; ";
    wrong += rule;
  };
  constexpr std::int64_t year_9000_ms = 221'845'392'000'000;
  require(to_ms(options.start) >= 0 && to_ms(options.start) < year_9000_ms,
          "start must lie between 1970 and 9000");
  require(options.visits_per_day >= 1 && options.visits_per_day <= 10'000'000'000,
          "visits_per_day must be 1 to 10000000000");
  require(options.returning_visitors >= 1, "returning_visitors must be at least 1");
  require(options.returning_per_mille <= 1000, "returning_per_mille must be at most 1000");
  require(options.second_currency != Money::eur, "second_currency must be gbp or usd");
  require(options.late_per_mille <= 1000, "late_per_mille must be at most 1000");
  require(options.duplicate_per_mille <= 1000, "duplicate_per_mille must be at most 1000");
  require(options.wrong_clock_per_mille <= 1000, "wrong_clock_per_mille must be at most 1000");
  require(options.fraud_per_million <= 1'000'000, "fraud_per_million must be at most 1000000");
  require(options.aftermath_divisor >= 1, "aftermath_divisor must be at least 1");
  if (!wrong.empty()) return fail(ErrorCode::invalid_argument, "mock shop: " + wrong);
  return ok();
}

}  // namespace bytebasket::producers::shop
