// How the mock shop behaves. Seed, start and number of events fix every byte it makes.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "producers/shop/catalogue.hpp"

namespace bytebasket::producers::shop {

struct ShopOptions {
  std::uint64_t seed = 1;
  Timestamp start = timestamp_from_ms(1'767'225'600'000);  ///< 2026-01-01

  /// Visits on an average day; a visit makes `events_per_visit` events on average.
  std::int64_t visits_per_day = 20'000;
  /// Fewer visits at night and more at the weekend. Without it they come evenly round the clock.
  bool rhythm = true;

  /// People who come again and again; the others are new, and never come back.
  std::uint32_t returning_visitors = 50'000;
  std::uint32_t returning_per_mille = 550;  ///< share of visits that are theirs

  /// The shop's own currency is EUR; British visitors pay in GBP, American ones in USD.
  Money second_currency = Money::gbp;

  std::uint32_t late_per_mille =
      40;  ///< of the app's visits are offline and sent minutes to two days later
  std::uint32_t duplicate_per_mille = 5;  ///< of events are sent again under the same message id
  std::uint32_t wrong_clock_per_mille =
      20;  ///< of visitors have a clock that is minutes to a day wrong
  std::uint32_t fraud_per_million =
      700;  ///< of visits are card testing, a stolen card or an account takeover

  /// Refunds and fraud labels come days after the order; this divides the days, so that a demo sees
  /// them.
  std::int64_t aftermath_divisor = 1;
};

/// The average over a long run with the default options; turns a rate of events into
/// `visits_per_day`.
inline constexpr double events_per_visit = 6.8;
std::int64_t visits_per_day_for(double events_per_second);

/// `invalid_argument` names every option that is out of its range.
Status validate(const ShopOptions& options);

}  // namespace bytebasket::producers::shop
