#include "producers/shop/shop.hpp"

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/hash.hpp"

namespace bytebasket::producers::shop {
namespace {

using nlohmann::json;

std::vector<std::string> lines_of(const ShopOptions& options, int count) {
  auto shop = Shop::create(options);
  EXPECT_TRUE(shop.has_value());
  std::vector<std::string> lines;
  SentEvent event;
  for (int i = 0; i < count; ++i) {
    shop->next(event);
    lines.emplace_back(event.json);
  }
  return lines;
}

std::vector<json> events_of(const ShopOptions& options, int count) {
  std::vector<json> events;
  for (const std::string& line : lines_of(options, count)) events.push_back(json::parse(line));
  return events;
}

std::map<std::string, int> names_of(const std::vector<json>& events) {
  std::map<std::string, int> names;
  for (const json& event : events)
    ++names[event.value("event", event.at("type").get<std::string>())];
  return names;
}

TEST(Shop, GivesTheSameBytesForTheSameSeedAndStartForEver) {
  std::uint64_t hash = 0;
  for (const std::string& line : lines_of({}, 100'000)) hash = hash64(line, hash);
  EXPECT_EQ(to_hex(hash), "9651100f1ecc64d8");
}

TEST(Shop, GivesOtherEventsForAnotherSeedOrAnotherStart) {
  const std::vector<std::string> first = lines_of({}, 50);
  EXPECT_NE(first, lines_of({.seed = 2}, 50));
  EXPECT_NE(first, lines_of({.start = timestamp_from_ms(1'767'225'600'001)}, 50));
}

TEST(Shop, SendsInOrderOfTime) {
  auto shop = Shop::create({});
  ASSERT_TRUE(shop);
  SentEvent event;
  Timestamp last{};
  for (int i = 0; i < 50'000; ++i) {
    shop->next(event);
    ASSERT_GE(event.sent_at, last);
    ASSERT_GT(event.received_at, event.sent_at);
    last = event.sent_at;
  }
}

TEST(Shop, WritesWhatSegmentsSdksWrite) {
  const std::set<std::string> types = {"track", "identify", "page", "screen"};
  const std::set<std::string> sources = {"web", "mobile", "cart", "orders"};
  for (const json& event : events_of({}, 20'000)) {
    ASSERT_TRUE(types.contains(event.at("type"))) << event;
    ASSERT_TRUE(sources.contains(event.at("source"))) << event;
    ASSERT_EQ(event.at("messageId").get<std::string>().size(), 36U);
    ASSERT_FALSE(event.at("anonymousId").get<std::string>().empty());
    ASSERT_TRUE(event.at("context").at("device").contains("id"));
    for (const char* time : {"originalTimestamp", "sentAt", "receivedAt"}) {
      ASSERT_TRUE(parse_timestamp(event.at(time).get<std::string>())) << event;
    }
  }
}

TEST(Shop, TellsTheWholeStoryOfAShop) {
  ShopOptions options;
  options.aftermath_divisor = 200;
  const auto names = names_of(events_of(options, 60'000));
  for (const char* name : {"page",
                           "screen",
                           "identify",
                           "Products Searched",
                           "Product List Viewed",
                           "Product Clicked",
                           "Product Viewed",
                           "Product Added",
                           "Product Removed",
                           "Cart Viewed",
                           "Checkout Started",
                           "Checkout Step Viewed",
                           "Checkout Step Completed",
                           "Payment Info Entered",
                           "Payment Attempted",
                           "Order Completed",
                           "Order Updated",
                           "Order Cancelled",
                           "Order Refunded",
                           "Fraud Labelled"}) {
    EXPECT_GT(names.contains(name) ? names.at(name) : 0, 0) << name;
  }
  EXPECT_LT(names.at("Order Completed"), names.at("Checkout Started"));
  EXPECT_LT(names.at("Checkout Started"), names.at("Product Added"));
}

TEST(Shop, ConvertsAFewVisitsInAHundred) {
  ShopOptions options;
  options.fraud_per_million = 0;
  const auto names = names_of(events_of(options, 60'000));
  const double visits = 60'000 / events_per_visit;
  EXPECT_GT(names.at("Order Completed"), visits * 0.02);
  EXPECT_LT(names.at("Order Completed"), visits * 0.06);
}

TEST(Shop, MakesAsManyEventsADayAsVisitsTimesTheAverage) {
  ShopOptions options;
  options.rhythm = false;
  options.visits_per_day = visits_per_day_for(100);
  auto shop = Shop::create(options);
  SentEvent event;
  std::int64_t count = 0;
  for (shop->next(event); event.sent_at < options.start + std::chrono::hours(5);
       shop->next(event)) {
    if (event.sent_at >= options.start + std::chrono::hours(1)) ++count;
  }
  const double rate = static_cast<double>(count) / 14'400;
  EXPECT_NEAR(rate, 100, 7);
}

TEST(Shop, AddsUpItsOrdersExactly) {
  const auto micros = [](const json& number) {
    return static_cast<std::int64_t>(number.get<double>() * 100 + 0.5);
  };
  int orders = 0;
  std::set<std::string> currencies;
  for (const json& event : events_of({}, 40'000)) {
    if (event.value("event", "") != "Order Completed") continue;
    ++orders;
    const json& order = event.at("properties");
    currencies.insert(order.at("currency"));
    std::int64_t lines = 0;
    for (const json& line : order.at("products"))
      lines += micros(line.at("price")) * line.at("quantity").get<int>();
    ASSERT_EQ(micros(order.at("subtotal")), lines);
    ASSERT_EQ(micros(order.at("revenue")), lines - micros(order.at("discount")));
    ASSERT_EQ(micros(order.at("total")),
              micros(order.at("revenue")) + micros(order.at("shipping")) + micros(order.at("tax")));
    ASSERT_TRUE(order.contains("card_fingerprint"));
  }
  EXPECT_GT(orders, 100);
  EXPECT_EQ(currencies, (std::set<std::string>{"EUR", "GBP"}));
}

TEST(Shop, SendsSomeEventsTwiceAndSomeLate) {
  std::map<std::string, int> ids;
  int late = 0;
  for (const json& event : events_of({}, 40'000)) {
    ++ids[event.at("messageId")];
    const auto sent = *parse_timestamp(event.at("sentAt").get<std::string>());
    const auto happened = *parse_timestamp(event.at("originalTimestamp").get<std::string>());
    if (sent - happened > std::chrono::minutes(10)) ++late;
  }
  const auto twice = static_cast<int>(40'000 - ids.size());
  EXPECT_NEAR(twice, 200, 60);
  EXPECT_GT(late, 50);
  EXPECT_LT(late, 1500);
}

TEST(Shop, LetsTheServerFindTheTrueTimeOfAClientWithAWrongClock) {
  ShopOptions options;
  options.late_per_mille = 0;
  options.duplicate_per_mille = 0;
  options.wrong_clock_per_mille = 1000;
  int wrong = 0;
  for (const json& event : events_of(options, 5'000)) {
    const auto time = [&event](const char* key) {
      return *parse_timestamp(event.at(key).get<std::string>());
    };
    const Timestamp received = time("receivedAt");
    if (time("sentAt") > received + std::chrono::minutes(1) ||
        time("sentAt") < received - std::chrono::minutes(1))
      ++wrong;
    const Timestamp corrected = received - (time("sentAt") - time("originalTimestamp"));
    ASSERT_LE(corrected, received);
    ASSERT_GT(corrected, received - std::chrono::minutes(1));
  }
  EXPECT_GT(wrong, 1000);
}

TEST(Shop, LabelsItsFraudsDaysLater) {
  ShopOptions options;
  options.fraud_per_million = 20'000;
  options.visits_per_day = 300;
  std::map<std::string, Timestamp> ordered;
  std::map<std::string, int> labels;
  std::map<std::string, std::set<std::string>> cards_by_ip;
  for (const json& event : events_of(options, 60'000)) {
    const std::string name = event.value("event", "");
    const Timestamp time = *parse_timestamp(event.at("receivedAt").get<std::string>());
    if (name == "Order Completed") ordered.emplace(event.at("properties").at("order_id"), time);
    if (name == "Payment Attempted") {
      cards_by_ip[event.at("context").at("ip")].insert(
          event.at("properties").at("card_fingerprint").get<std::string>());
    }
    if (name != "Fraud Labelled") continue;
    ++labels[event.at("properties").at("label")];
    const auto order = ordered.find(event.at("properties").at("order_id"));
    ASSERT_NE(order, ordered.end()) << "a label of an order that never was";
    ASSERT_GT(time - order->second, std::chrono::hours(12));
  }
  EXPECT_GT(labels["fraud"], 20);
  EXPECT_GT(labels["charged_back"], 20);
  EXPECT_GT(labels["legitimate"], 2);
  std::size_t most_cards = 0;
  for (const auto& [ip, cards] : cards_by_ip) most_cards = std::max(most_cards, cards.size());
  EXPECT_GT(most_cards, 14U) << "card testing uses many cards from one address";
}

TEST(Shop, IsBusierInTheEveningThanAtNight) {
  std::array<int, 24> by_hour{};
  auto shop = Shop::create({});
  ASSERT_TRUE(shop);
  SentEvent event;
  for (int i = 0; i < 300'000; ++i) {
    shop->next(event);
    ++by_hour[static_cast<std::size_t>(to_ms(event.received_at) / 3'600'000 % 24)];
  }
  EXPECT_GT(by_hour[20], by_hour[3] * 5);
}

TEST(Shop, NamesEveryOptionThatIsOutOfRange) {
  ShopOptions options;
  options.visits_per_day = 0;
  options.second_currency = Money::eur;
  const auto shop = Shop::create(options);
  ASSERT_FALSE(shop);
  EXPECT_EQ(shop.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(shop.error().message.find("visits_per_day"), std::string::npos);
  EXPECT_NE(shop.error().message.find("second_currency"), std::string::npos);
}

TEST(SentEvent, GoesOverTheWireWithItsClientsPresentTimeAndNoReceiveTime) {
  ShopOptions options;
  options.wrong_clock_per_mille = 1000;
  auto shop = Shop::create(options);
  SentEvent event;
  do shop->next(event);
  while (event.clock_error == Milliseconds(0));
  const Timestamp now = *parse_timestamp("2026-11-22T10:00:00Z");
  std::string wire;
  append_for_wire(wire, event, now);
  const json sent = json::parse(wire);
  EXPECT_FALSE(sent.contains("receivedAt"));
  EXPECT_EQ(*parse_timestamp(sent.at("sentAt").get<std::string>()), now + event.clock_error);
  EXPECT_EQ(sent.at("originalTimestamp"), json::parse(event.json).at("originalTimestamp"));
}

}  // namespace
}  // namespace bytebasket::producers::shop
