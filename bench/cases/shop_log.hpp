// A log of the mock shop's events.
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "cases/measure.hpp"
#include "events/normalize.hpp"
#include "producers/shop/shop.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::bench {

struct ShopLogOptions {
  std::int64_t first_hour = 0;  ///< of the day that the shop opens on
  EventClock* clock = nullptr;  ///< the log's, set to when each event was received
};

/// Appends `count` events of the mock shop: one that is worth measuring, with 2,000 events a second
/// on average.
inline void fill_from_shop(streams::EventLog& log, std::int64_t count,
                           const ShopLogOptions& options = {}) {
  constexpr Timestamp midnight = timestamp_from_ms(1'767'225'600'000);
  auto shop = or_die(
      producers::shop::Shop::create({.start = midnight + std::chrono::hours(options.first_hour),
                                     .visits_per_day = producers::shop::visits_per_day_for(2'000),
                                     .returning_visitors = 2'000'000}));
  events::Normalizer normalizer;
  producers::shop::SentEvent sent;
  std::vector<streams::NewRecord> batch;
  for (std::int64_t i = 0; i < count; ++i) {
    shop.next(sent);
    auto item = normalizer.normalize(sent.json, {.received_at = sent.received_at});
    for (auto& event : item.events) {
      batch.push_back({.stream = event.transaction ? streams::Stream::transactions
                                                   : streams::Stream::user_activity,
                       .key = std::move(event.key),
                       .value = std::move(event.json),
                       .received_at = sent.received_at});
    }
    if (options.clock != nullptr) options.clock->set(sent.received_at);
    if (batch.size() >= 5000 || i + 1 == count)
      or_die(append_and_wait(log, std::exchange(batch, {})));
  }
}

}  // namespace bytebasket::bench
