#include "producers/shop/shop.hpp"

#include <algorithm>
#include <array>

#include "producers/shop/actor.hpp"
#include "producers/shop/fraud.hpp"
#include "producers/shop/visit.hpp"

namespace bytebasket::producers::shop {

namespace {

constexpr std::int64_t us_per_hour = 3'600'000'000;

/// How busy each hour is, in per mille of the mean; quiet at night, busiest in the evening.
constexpr std::array<std::int64_t, 24> hour_share = {380,  240,  170,  140,  150,  230,  430,  690,
                                                     900,  1060, 1170, 1240, 1260, 1220, 1180, 1170,
                                                     1200, 1290, 1440, 1650, 1790, 1710, 1330, 960};
/// Thursday (1970-01-01) first.
constexpr std::array<std::int64_t, 7> weekday_share = {930, 960, 1080, 1200, 1010, 910, 910};

}  // namespace

Result<Shop> Shop::create(const ShopOptions& options) {
  BB_RETURN_IF_ERROR(validate(options));
  return Shop(options);
}

Shop::Shop(const ShopOptions& options)
    : options_(options),
      key_(mix(options.seed, static_cast<std::uint64_t>(to_ms(options.start)))),
      arrivals_(mix(key_, 0xA221)),
      next_visit_us_(to_ms(options.start) * 1000) {}

void Shop::next(SentEvent& event) {
  while (outbox_.empty() || to_ms(outbox_.next_time()) * 1000 >= next_visit_us_) play_next_visit();
  event = outbox_.take();
}

std::int64_t Shop::mean_gap_us(std::int64_t at_us) const {
  const std::int64_t mean = 24 * us_per_hour / options_.visits_per_day;
  if (!options_.rhythm) return mean;
  const std::int64_t hour = at_us / us_per_hour;
  const std::int64_t share = hour_share[static_cast<std::size_t>(hour % 24)] *
                             weekday_share[static_cast<std::size_t>(hour / 24 % 7)] / 1000;
  return mean * 1000 / share;
}

void Shop::play_next_visit() {
  const std::uint64_t visit_key = mix(key_, 0x1000 + visits_++);
  const Timestamp start = timestamp_from_ms(next_visit_us_ / 1000);
  if (arrivals_.per_million(options_.fraud_per_million)) {
    play_fraud(start, visit_key);
  } else {
    const bool returns = arrivals_.per_mille(options_.returning_per_mille);
    Actor actor(
        options_, outbox_,
        returns ? returning_visitor(options_, key_, arrivals_.below(options_.returning_visitors))
                : new_visitor(options_, visit_key),
        visit_key, start);
    if (actor.who().app && actor.random().per_mille(options_.late_per_mille)) {
      constexpr std::int64_t minute = 60'000;
      const bool for_days = actor.random().per_mille(150);
      actor.go_offline(Milliseconds(for_days ? actor.random().between(180 * minute, 2880 * minute)
                                             : actor.random().between(15 * minute, 180 * minute)));
    }
    play_visit(actor, catalogue_);
  }
  // Gaps between 0 and twice the mean; they stay under 2^32 microseconds (71 minutes) a piece,
  // longer ones are rounded.
  const std::int64_t mean = std::max<std::int64_t>(1, mean_gap_us(next_visit_us_));
  const std::int64_t unit = mean / 1'000'000'000 + 1;
  next_visit_us_ += arrivals_.below(static_cast<std::uint32_t>(2 * (mean / unit) + 1)) * unit;
}

void Shop::play_fraud(Timestamp start, std::uint64_t visit_key) {
  Actor actor(options_, outbox_, thief(options_, visit_key), visit_key, start);
  const std::uint32_t kind = arrivals_.below(100);
  if (kind < 30) {
    play_card_testing(actor, catalogue_);
    return;
  }
  if (kind < 65) {
    play_stolen_card(actor, catalogue_);
    return;
  }
  for (int tries = 0; tries < 50; ++tries) {
    const Visitor victim =
        returning_visitor(options_, key_, arrivals_.below(options_.returning_visitors));
    if (victim.user_id.empty()) continue;
    play_account_takeover(actor, catalogue_, victim);
    return;
  }
}

}  // namespace bytebasket::producers::shop
