// A small shop's traffic for tests that need every kind of row: sessions, carts, orders with
// refunds and cancellations, payments, labels; with late, duplicate and malformed events among
// them. The same for the same seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "events/normalize.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::testing {

class SmallShop {
 public:
  static constexpr Timestamp start = timestamp_from_ms(1'767'225'600'000);  // 2026-01-01

  explicit SmallShop(std::uint64_t seed) : random_(seed) {}

  /// The records of the next `count` events, as the collector would append them.
  std::vector<streams::NewRecord> next(int count) {
    std::vector<streams::NewRecord> records;
    for (int i = 0; i < count; ++i) {
      now_ += Milliseconds(pick(40'000));
      if (pick(40) == 0) {
        records.push_back({.stream = streams::Stream::user_activity,
                           .key = "broken",
                           .value = "{\"type\":\"track\",",
                           .received_at = now_});
      } else if (pick(15) == 0 && !sent_.empty()) {
        add(sent_[pick(sent_.size())], records);
      } else {
        sent_.push_back(make_event());
        add(sent_.back(), records);
      }
    }
    return records;
  }

 private:
  std::size_t pick(std::size_t bound) { return random_() % bound; }

  std::string make_event() {
    const std::string visitor = fmt::format("v{}", pick(40));
    const Timestamp time =
        pick(12) == 0 ? now_ - Milliseconds(static_cast<std::int64_t>(pick(200'000'000))) : now_;
    std::string body =
        fmt::format(R"("messageId":"m{}","timestamp":"{}","anonymousId":"{}","userId":"u{}")",
                    number_++, format_timestamp(time), visitor, visitor);
    if (pick(4) == 0) body += fmt::format(R"(,"sessionId":"s{}")", pick(60));
    body += fmt::format(
        R"(,"context":{{"ip":"10.0.0.{}","device":{{"id":"d{}","type":"{}"}},"campaign":{{"name":"c{}"}}}})",
        pick(9), pick(20), pick(2) == 0 ? "ios" : "android", pick(3));
    const auto [name, properties] = make_properties();
    return fmt::format(R"({{"type":"track","event":"{}",{},"properties":{{{}}}}})", name, body,
                       properties);
  }

  std::pair<std::string, std::string> make_properties() {
    const std::string product = fmt::format(
        R"("product_id":"p{}","category":"k{}","price":{}.{:02},"quantity":{},"currency":"EUR")",
        pick(12), pick(3), 1 + pick(40), pick(100), 1 + pick(3));
    const std::string order = fmt::format("o{}", pick(150));
    switch (pick(14)) {
      case 0:
      case 1:
        return {"Product Added",
                product + fmt::format(R"(,"cart_id":"{}")", pick(2) == 0 ? "c1" : "")};
      case 2:
        return {"Product Removed", product};
      case 3:
        return {"Checkout Started", R"("value":12.5,"currency":"EUR")"};
      case 4:
      case 5:
        return {
            "Order Completed",
            fmt::format(R"("order_id":"{}","revenue":{}.5,"currency":"EUR","products":[{{{}}}])",
                        order, 5 + pick(90), product)};
      case 6:
        return {"Order Refunded",
                fmt::format(R"("order_id":"{}","total":{},"currency":"EUR")", order, 1 + pick(5))};
      case 7:
        return {"Order Cancelled", fmt::format(R"("order_id":"{}")", order)};
      case 8:
        return {
            "Payment Attempted",
            fmt::format(R"("order_id":"{}","value":{},"currency":"EUR","card":"f{}","status":"{}")",
                        order, 5 + pick(900), pick(6), pick(3) == 0 ? "declined" : "approved")};
      case 9:
        return {"Fraud Labelled", fmt::format(R"("order_id":"{}","label":"{}")", order,
                                              pick(2) == 0 ? "fraud" : "legitimate")};
      case 10:
        return {"Products Searched", fmt::format(R"("query":"q{}")", pick(5))};
      default:
        return {"Product Viewed", product};
    }
  }

  void add(const std::string& json, std::vector<streams::NewRecord>& records) {
    for (auto& event : normalizer_.normalize(json, {.received_at = now_}).events) {
      records.push_back({.stream = event.transaction ? streams::Stream::transactions
                                                     : streams::Stream::user_activity,
                         .key = std::move(event.key),
                         .value = std::move(event.json),
                         .received_at = now_});
    }
  }

  std::mt19937_64 random_;
  events::Normalizer normalizer_;
  Timestamp now_ = start;
  int number_ = 0;
  std::vector<std::string> sent_;
};

}  // namespace bytebasket::testing
