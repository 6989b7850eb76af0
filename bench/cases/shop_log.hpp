// A log of the mock shop's events.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "cases/measure.hpp"
#include "events/normalize.hpp"
#include "producers/shop/shop.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::bench {

/// Appends `count` events of the mock shop: one that is worth measuring, with 2,000 events a second
/// on average.
inline void fill_from_shop(streams::EventLog& log, std::int64_t count) {
  auto shop =
      producers::shop::Shop::create({.start = timestamp_from_ms(1'767'225'600'000),
                                     .visits_per_day = producers::shop::visits_per_day_for(2'000),
                                     .returning_visitors = 2'000'000});
  if (!shop) die(shop.error().message);
  events::Normalizer normalizer;
  producers::shop::SentEvent sent;
  std::vector<streams::NewRecord> batch;
  const auto send = [&] {
    if (auto appended = append_and_wait(log, std::move(batch)); !appended)
      die(appended.error().message);
    batch.clear();
  };
  for (std::int64_t i = 0; i < count; ++i) {
    shop->next(sent);
    auto item = normalizer.normalize(sent.json, {.received_at = sent.received_at});
    for (auto& event : item.events) {
      batch.push_back({.stream = event.transaction ? streams::Stream::transactions
                                                   : streams::Stream::user_activity,
                       .key = std::move(event.key),
                       .value = std::move(event.json),
                       .received_at = sent.received_at});
    }
    if (batch.size() >= 5000) send();
  }
  send();
}

}  // namespace bytebasket::bench
