#include "events/event_reader.hpp"

#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "events/normalize.hpp"

namespace bytebasket::events {
namespace {

using testing::SizeIs;

/// A document with the padding that the reader asks for.
class Padded {
 public:
  explicit Padded(std::string_view json)
      : text_(std::string(json) + std::string(64, '"')), size_(json.size()) {}
  [[nodiscard]] std::string_view json() const { return {text_.data(), size_}; }

 private:
  std::string text_;
  std::size_t size_;
};

constexpr std::string_view order =
    R"({"type":"track","event":"Order Completed","messageId":"m1","timestamp":"2026-11-22T10:00:00.123Z",)"
    R"("originalTimestamp":"2026-11-22T09:00:00.000Z","anonymousId":"a","userId":"u\"1","source":"web","sessionId":"s",)"
    R"("country":"DE","device":"mobile","campaign":"spring","properties":{"order_id":17,"cart_id":"c","checkout_id":"k",)"
    R"("currency":"EUR","revenue":25.1,"total":-30,"subtotal":"1.5","shipping":3,"tax":2.000001,"discount":0.5,"value":9,)"
    R"("coupon":"MAY","status":"paid","step":2,"payment":{"method":"visa","card_fingerprint":"fp"},"products":[)"
    R"({"product_id":"p1","sku":"s1","name":"Caf\u00e9","category":"Games","brand":"B","price":19,"quantity":2,"x":[{}]},)"
    R"({"product_id":2,"price":null},7]},"traits":{"email":"a@example.com"},)"
    R"("context":{"app":{"name":"shop-at"},"ip":"192.0.2.1","device":{"type":"ios","id":"d1"},"page":{"url":"https://example.com/?a={\"b\"}"}},"more":[1,[2]]})";

TEST(EventReader, ReadsEveryFieldOfAnOrder) {
  const Padded text(order);
  EventReader reader;
  const auto event = reader.read(text.json());
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(event->type, CallType::track);
  EXPECT_EQ(event->kind, EventKind::order_completed);
  EXPECT_EQ(event->name, "Order Completed");
  EXPECT_EQ(event->message_id, "m1");
  EXPECT_EQ(format_timestamp(event->time), "2026-11-22T10:00:00.123Z");
  EXPECT_TRUE(event->has_original_time);
  EXPECT_EQ(format_timestamp(event->original_time), "2026-11-22T09:00:00Z");
  EXPECT_EQ(event->visitor(), "a");
  EXPECT_EQ(event->customer(), "u\"1");
  EXPECT_EQ(event->source, Source::web);
  EXPECT_EQ(event->session_id, "s");
  EXPECT_EQ(event->country, "DE");
  EXPECT_EQ(event->device, "mobile");
  EXPECT_EQ(event->campaign, "spring");
  EXPECT_EQ(event->order_id, "17");
  EXPECT_EQ(event->cart_id, "c");
  EXPECT_EQ(event->checkout_id, "k");
  EXPECT_EQ(event->currency, Currency::parse("EUR"));
  EXPECT_EQ(event->revenue, Micros(25'100'000));
  EXPECT_EQ(event->total, Micros(-30'000'000));
  EXPECT_EQ(event->subtotal, Micros(1'500'000));
  EXPECT_EQ(event->shipping, Micros(3'000'000));
  EXPECT_EQ(event->tax, Micros(2'000'001));
  EXPECT_EQ(event->discount, Micros(500'000));
  EXPECT_EQ(event->value, Micros(9'000'000));
  EXPECT_EQ(event->coupon, "MAY");
  EXPECT_EQ(event->status, "paid");
  EXPECT_EQ(event->step, 2);
  EXPECT_EQ(event->card, "fp");
  EXPECT_EQ(event->email, "a@example.com");
  EXPECT_EQ(event->ip, "192.0.2.1");
  EXPECT_EQ(event->device_id, "d1");
  EXPECT_EQ(event->app, "shop-at");
  EXPECT_EQ(event->total_quantity, 3);
  EXPECT_EQ(event->line_count, 2);
  ASSERT_THAT(event->lines, SizeIs(2));
  EXPECT_EQ(event->lines[0].product_id, "p1");
  EXPECT_EQ(event->lines[0].name, "Café");
  EXPECT_EQ(event->lines[0].price, Micros(19'000'000));
  EXPECT_EQ(event->lines[0].quantity, 2);
  EXPECT_EQ(event->lines[1].product_id, "2");
  EXPECT_EQ(event->lines[1].price, std::nullopt);
  EXPECT_EQ(event->lines[1].quantity, 1);
  EXPECT_EQ(event->json, order);
}

TEST(EventReader, TakesAProductsOwnPropertiesAsItsOneLine) {
  const Padded text(
      R"({"type":"track","event":"Product Viewed","messageId":"m","timestamp":"2026-11-22T10:00:00.000Z",)"
      R"("userId":"u","source":"web","properties":{"product_id":"p","category":"Games","price":3}})");
  EventReader reader;
  const auto event = reader.read(text.json());
  ASSERT_TRUE(event);
  ASSERT_THAT(event->lines, SizeIs(1));
  EXPECT_EQ(event->lines[0].category, "Games");
  EXPECT_EQ(event->original_time, event->time);
  EXPECT_FALSE(event->has_original_time);
}

TEST(EventReader, TakesAmountsBeyondItsRangeForNone) {
  const Padded text(
      R"({"type":"track","event":"Mine","messageId":"m","timestamp":"2026-11-22T10:00:00.000Z",)"
      R"("properties":{"revenue":25222222222222222222222222.1,"shipping":9999999999999.999999,"total":9223372036854.775807,"tax":"x"}})");
  EventReader reader;
  const auto event = reader.read(text.json());
  ASSERT_TRUE(event);
  EXPECT_EQ(event->revenue, std::nullopt);
  EXPECT_EQ(event->total, Micros(INT64_MAX));
  EXPECT_EQ(event->tax, std::nullopt);
}

TEST(EventReader, KeepsEarlierEventsUntilItIsCleared) {
  EventReader reader;
  std::vector<Padded> texts;
  for (int i = 0; i < 1000; ++i) {
    texts.emplace_back(R"({"type":"page","name":"n\u0061)" + std::to_string(i) +
                       R"(","messageId":"m","timestamp":"2026-11-22T10:00:00.000Z","userId":"u"})");
  }
  std::vector<Event> events;
  for (const Padded& text : texts) events.push_back(*reader.read(text.json()));
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(events[static_cast<std::size_t>(i)].name, "na" + std::to_string(i));
  reader.clear();
  EXPECT_EQ(reader.read(texts[0].json())->name, "na0");
}

TEST(EventReader, SaysWhatIsNotCanonical) {
  EventReader reader;
  const auto why = [&](std::string_view json) {
    const Padded text(json);
    const auto event = reader.read(text.json());
    EXPECT_FALSE(event) << json;
    EXPECT_TRUE(event || event.error().code == ErrorCode::corrupt);
    return event ? std::string() : event.error().message;
  };
  EXPECT_THAT(why(""), testing::HasSubstr("broken JSON at byte 0"));
  EXPECT_THAT(why("{}"), testing::HasSubstr("type"));
  EXPECT_THAT(why(R"({"type":"page"})"), testing::HasSubstr("timestamp"));
  EXPECT_THAT(why(R"({"type":"page","timestamp":"2026-11-22T10:00:00.000Z"})"),
              testing::HasSubstr("messageId"));
  EXPECT_THAT(why(R"({"type":"page"}})"), testing::HasSubstr("broken JSON at byte 15"));
}

TEST(EventReader, RefusesEveryTruncation) {
  EventReader reader;
  Event event;
  for (std::size_t size = 0; size < order.size(); ++size) {
    const Padded text(order.substr(0, size));
    EXPECT_FALSE(reader.read(text.json())) << size;
    EXPECT_FALSE(reader.read_into(event, text.json(), EventFields::without_contact)) << size;
  }
}

TEST(EventReader, TakesTheHeadInAnyOrder) {
  const Padded text(
      R"({"messageId":"m","userId":"u","timestamp":"2026-11-22T10:00:00.000Z","source":"cart",)"
      R"("type":"track","campaign":"c","event":"Product Viewed","country":"DE"})");
  EventReader reader;
  const auto event = reader.read(text.json());
  ASSERT_TRUE(event);
  EXPECT_EQ(event->kind, EventKind::product_viewed);
  EXPECT_EQ(event->message_id, "m");
  EXPECT_EQ(event->user_id, "u");
  EXPECT_EQ(event->source, Source::cart);
  EXPECT_EQ(event->country, "DE");
  EXPECT_EQ(event->campaign, "c");
}

/// The same event with this context, read in full and without what says how to reach somebody.
std::pair<Event, Event> both_ways(const Padded& text, EventReader& reader) {
  Event full;
  Event part;
  EXPECT_TRUE(reader.read_into(full, text.json())) << text.json();
  EXPECT_TRUE(reader.read_into(part, text.json(), EventFields::without_contact)) << text.json();
  return {full, part};
}

TEST(EventReader, FindsTheAppAlsoWhereContactIsLeftOut) {
  for (const std::string context :
       {R"({"app":{"name":"shop"}})", R"({"ip":"192.0.2.1","app":{"version":"1","name":"shop"}})",
        R"({"x":"\"","app":{"name":"shop"}})", R"({"app" : {"name":"shop"}})",
        R"({"app":{"name":"other"},"app":{"name":"shop"}})", R"({"app":null})", R"({"app":"app"})",
        R"({"page":{"app":{"name":"no"}}})", R"({"library":{"name":"app"}})", R"({})", R"([])",
        R"({"app":{"name":"sh\u006Fp"},"device":{"id":"d","type":"mobile"}})"}) {
    const Padded text(R"({"type":"page","name":"Home","messageId":"m",)"
                      R"("timestamp":"2026-11-22T10:00:00.000Z","context":)" +
                      context + R"(,"traits":{"email":"a@example.com"}})");
    EventReader reader;
    const auto [full, part] = both_ways(text, reader);
    EXPECT_EQ(part.app, full.app) << context;
    EXPECT_EQ(part.email, full.email) << context;
    EXPECT_EQ(part.message_id, full.message_id) << context;
  }
}

TEST(EventReader, SurvivesEveryChangedByte) {
  EventReader reader;
  for (std::size_t at = 0; at < order.size(); ++at) {
    for (const char c : {'\0', '"', '\\', '{', ']', ',', '9', '\xFF'}) {
      std::string changed(order);
      changed[at] = c;
      const Padded text(changed);
      static_cast<void>(reader.read(text.json()));
      Event event;
      static_cast<void>(reader.read_into(event, text.json(), EventFields::without_contact));
      static_cast<void>(EventReader::peek(text.json()));
    }
    reader.clear();
  }
}

TEST(EventReader, PeeksAtTheKindWithoutReading) {
  const auto kind = [](std::string_view json) {
    const Padded text(json);
    const auto peek = EventReader::peek(text.json());
    return peek ? std::optional(std::pair(peek->type, peek->kind)) : std::nullopt;
  };
  EXPECT_EQ(kind(order), std::pair(CallType::track, EventKind::order_completed));
  EXPECT_EQ(kind(R"({"type":"track","event":"My \"own\""})"), std::nullopt);
  EXPECT_EQ(kind(R"({"type":"track","event":"Mine","messageId":"m"})"),
            std::pair(CallType::track, EventKind::unknown));
  EXPECT_EQ(kind(R"({"type":"page","name":"Home"})"),
            std::pair(CallType::page, EventKind::unknown));
  EXPECT_EQ(kind(R"({ "type":"page"})"), std::nullopt);
  EXPECT_EQ(kind(R"({"type":"tr)"), std::nullopt);
  EXPECT_EQ(kind(R"({"type":"track","event":"Order Comp)"), std::nullopt);
}

TEST(Revenue, IsItsOwnFieldElseTheTotalsElseTheLines) {
  Event event;
  EXPECT_EQ(revenue_of(event), std::nullopt);
  const Line lines[] = {
      {.price = Micros(3'000'000), .quantity = 2}, {.price = std::nullopt}, {.price = Micros(1)}};
  event.lines = lines;
  EXPECT_EQ(revenue_of(event), Micros(6'000'001));
  event.total = Micros(10);
  event.tax = Micros(2);
  EXPECT_EQ(revenue_of(event), Micros(8));
  event.shipping = Micros(3);
  EXPECT_EQ(revenue_of(event), Micros(5));
  event.revenue = Micros(1);
  EXPECT_EQ(revenue_of(event), Micros(1));
}

}  // namespace
}  // namespace bytebasket::events
