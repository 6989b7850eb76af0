// The same event in two spellings: as SDKs send it, without white space and escapes, which takes
// the quick ways through the parser and the writers; and with both, which takes the long ones. What
// comes out must be the same.
#include <array>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "events/normalize.hpp"

namespace bytebasket::events {
namespace {

using Random = std::mt19937;

bool one_in(Random& random, unsigned n) { return random() % n == 0; }

template <std::size_t N>
std::string_view one_of(Random& random, const std::array<std::string_view, N>& choices) {
  return choices[random() % N];
}

constexpr auto names =
    std::to_array<std::string_view>({"type",
                                     "event",
                                     "name",
                                     "userId",
                                     "sessionId",
                                     "country",
                                     "device",
                                     "campaign",
                                     "source",
                                     "traits",
                                     "order_id",
                                     "orderId",
                                     "currency",
                                     "revenue",
                                     "total",
                                     "price",
                                     "quantity",
                                     "products",
                                     "productId",
                                     "id",
                                     "sku",
                                     "category",
                                     "status",
                                     "ip",
                                     "locale",
                                     "userAgent",
                                     "location",
                                     "session",
                                     "library",
                                     "app",
                                     "card_number",
                                     "pan",
                                     "unknown",
                                     "",
                                     "täst",
                                     "country_code",
                                     "a key of more than thirty-two bytes, known to nobody"});
constexpr auto texts = std::to_array<std::string_view>(
    {"",
     "track",
     "Product Viewed",
     "eur",
     "EUR",
     "de-DE",
     "DE",
     "web",
     "analytics.js",
     "iPad",
     "Mozilla/5.0 (X11; Linux x86_64)",
     "25.10",
     "1e3",
     "2026-11-22T10:00:00.123Z",
     "2026-11-22",
     "4111111111111111",
     "3782 822463 10005",
     "411111******1111",
     "17 digits 12345678901234567",
     "5b2c1f4e-8a3d-4c6b-9e7f-100001abcdef",
     "größer",
     "你好",
     "a/b",
     "a text that is longer than one block of the index, which is sixty-four bytes long"});
constexpr auto numbers = std::to_array<std::string_view>(
    {"0", "-0", "1", "2.0", "25.10", "18.99", "0.10", "1e2", "75.30000000000001", "0.0000015",
     "1000001", "1767225600000", "4111111111111111", "123456789012345678901234567890", "1e30"});

/// One document, written in both spellings at once.
class Spellings {
 public:
  explicit Spellings(Random& random) : random_(random) {}

  void event() {
    put('{');
    member("messageId", "m", true);
    member("anonymousId", one_of(random_, texts));
    member("type", "track");
    member("event", one_in(random_, 3) ? "Completed Order" : "Product Viewed");
    if (!one_in(random_, 4)) member("timestamp", "2026-11-22T10:00:00.123Z");
    for (const std::string_view part : {"properties", "context", "traits"}) {
      if (one_in(random_, 5)) continue;
      separate();
      string(part);
      put(':');
      object(1);
    }
    while (one_in(random_, 2)) any_member(1);
    put('}');
  }

  std::string plain;
  std::string spelled;

 private:
  void put(char c) {
    space();
    plain += c;
    spelled += c;
    space();
  }
  void space() {
    while (one_in(random_, 6)) spelled += " \n\t\r"[random_() % 4];
  }
  void separate() {
    if (plain.back() != '{' && plain.back() != '[') put(',');
  }
  void literal(std::string_view text) {
    plain += text;
    spelled += text;
  }
  void string(std::string_view text) {
    plain += '"';
    spelled += '"';
    for (const char c : text) {
      plain += c;
      static constexpr std::string_view hex = "0123456789abcdef";
      if (c == '/' && one_in(random_, 2)) spelled += '\\';
      if (static_cast<unsigned char>(c) >= 0x80 || c == '/' || !one_in(random_, 8)) {
        spelled += c;
      } else {
        spelled += "\\u00";
        spelled += hex[static_cast<unsigned char>(c) >> 4];
        spelled += hex[static_cast<unsigned char>(c) & 0xF];
      }
    }
    plain += '"';
    spelled += '"';
  }
  void member(std::string_view name, std::string_view text, bool first = false) {
    if (!first) separate();
    string(name);
    put(':');
    string(text);
  }
  void any_member(unsigned depth) {
    separate();
    string(one_of(random_, names));
    put(':');
    value(depth);
  }
  void object(unsigned depth) {
    put('{');
    for (unsigned i = random_() % 6; i > 0; --i) any_member(depth + 1);
    put('}');
  }
  void array(unsigned depth) {
    put('[');
    for (unsigned i = random_() % 4; i > 0; --i) {
      separate();
      value(depth + 1);
    }
    put(']');
  }
  void value(unsigned depth) {
    const unsigned kind = random_() % 10;
    if (kind < 5) return string(one_of(random_, texts));
    if (kind < 7 || depth > 5) return literal(one_of(random_, numbers));
    if (kind == 7) return literal(one_in(random_, 2) ? "null" : "true");
    return kind == 8 ? object(depth) : array(depth);
  }

  Random& random_;
};

std::string outcome(Normalizer& normalizer, const std::string& json) {
  const Envelope envelope{.received_at = timestamp_from_ms(1'795'341'600'000),
                          .remote_address = "192.0.2.1"};
  const NormalizedItem item = normalizer.normalize(json, envelope);
  if (item.refused) return "refused: " + item.refused->reason;
  std::string all;
  for (const Normalized& event : item.events)
    all += std::string(event.key) + " " + std::string(event.json) + "\n";
  return all;
}

TEST(Spelling, MakesNoDifferenceToWhatComesOut) {
  Random random(20261122);
  Normalizer normalizer;
  int accepted = 0;
  for (int round = 0; round < 4000; ++round) {
    Spellings event(random);
    event.event();
    const std::string expected = outcome(normalizer, event.plain);
    ASSERT_EQ(outcome(normalizer, event.spelled), expected) << event.plain << "\n" << event.spelled;
    if (!expected.starts_with("refused")) ++accepted;
  }
  EXPECT_GT(accepted, 400);
}

TEST(Spelling, MakesNoDifferenceInABatch) {
  Random random(7);
  Normalizer normalizer;
  for (int round = 0; round < 100; ++round) {
    std::string batch = R"({"batch":[)";
    std::string one_by_one;
    for (int i = 0; i < 20; ++i) {
      Spellings event(random);
      event.event();
      batch += (i == 0 ? "" : ",") + (i % 2 == 0 ? event.plain : event.spelled);
      const std::string made = outcome(normalizer, event.plain);
      if (!made.starts_with("refused")) one_by_one += made;
    }
    ASSERT_TRUE(normalizer.read_body(batch + "]}"));
    const NormalizedBody body = normalizer.normalize_body(
        {.received_at = timestamp_from_ms(1'795'341'600'000), .remote_address = "192.0.2.1"});
    std::string together;
    for (const Normalized& event : body.events)
      together += std::string(event.key) + " " + std::string(event.json) + "\n";
    ASSERT_EQ(together, one_by_one) << batch;
    ASSERT_EQ(body.accepted + body.refused.size(), 20U);
  }
}

}  // namespace
}  // namespace bytebasket::events
