#include "producers/shop/visitor.hpp"

#include <array>

namespace bytebasket::producers::shop {

namespace {

constexpr std::array<Country, 10> countries = {{
    {"DE", "de-DE", "Berlin", 84},
    {"FR", "fr-FR", "Paris", 90},
    {"NL", "nl-NL", "Utrecht", 77},
    {"AT", "de-AT", "Wien", 80},
    {"ES", "es-ES", "Madrid", 88},
    {"IT", "it-IT", "Milano", 79},
    {"GB", "en-GB", "Leeds", 81},
    {"US", "en-US", "Austin", 73},
    {"VN", "vi-VN", "Hanoi", 113},
    {"BR", "pt-BR", "Recife", 177},
}};
constexpr std::size_t british = 6;
constexpr std::size_t american = 7;
constexpr std::size_t first_of_thieves = 8;

constexpr std::array<std::string_view, 4> web_agents = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1",
    "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1"};

const Country& draw_country(const ShopOptions& options, Random& random) {
  const std::uint32_t point = random.below(100);
  if (point < 25) return countries[options.second_currency == Money::gbp ? british : american];
  if (point < 60) return countries[0];
  return countries[1 + random.below(british - 1)];
}

void draw_device(Visitor& visitor, Random& random) {
  visitor.device_id = "d-";
  append_base32(visitor.device_id, random.next());
  visitor.app = random.per_mille(300);
  const std::uint32_t point = random.below(100);
  if (visitor.app) {
    visitor.device_type = point < 85 ? "mobile" : "tablet";
  } else {
    visitor.device_type = point < 55 ? "desktop" : point < 93 ? "mobile" : "tablet";
  }
}

void draw_address(Visitor& visitor, const Country& country, Random& random) {
  visitor.address =
      std::to_string(1 + random.below(180)) + " Market Street, " + std::string(country.city);
}

std::string draw_ip(const Country& country, Random& random) {
  std::string ip = std::to_string(country.network);
  for (const std::uint32_t bound : {256U, 256U, 254U})
    ip += "." + std::to_string(1 + random.below(bound - 1));
  return ip;
}

Visitor draw_visitor(const ShopOptions& options, const Country& country, Random& random) {
  Visitor visitor;
  const std::uint64_t name = random.next();
  append_uuid(visitor.anonymous_id, name, random.next());
  visitor.home = &country;
  visitor.here = &country;
  if (country.code == countries[british].code || country.code == countries[american].code) {
    visitor.money = options.second_currency;
  }
  draw_device(visitor, random);
  draw_address(visitor, country, random);
  visitor.ip = draw_ip(country, random);
  visitor.card = card_fingerprint(random);
  visitor.email = "shopper" + std::to_string(name % 1'000'000'000) + "@example.com";
  if (random.per_mille(options.wrong_clock_per_mille)) {
    constexpr std::int64_t hour = 3'600'000;
    visitor.clock_error = Milliseconds(random.between(-24 * hour, 24 * hour));
  }
  return visitor;
}

}  // namespace

std::string card_fingerprint(Random& random) {
  std::string fingerprint = "card-";
  append_base32(fingerprint, random.next());
  return fingerprint;
}

Visitor returning_visitor(const ShopOptions& options, std::uint64_t shop_key,
                          std::uint32_t number) {
  Random random(mix(mix(shop_key, 0x7E7), number));
  Visitor visitor = draw_visitor(options, draw_country(options, random), random);
  if (random.per_mille(650)) {
    visitor.user_id = "u-";
    append_base32(visitor.user_id, random.next());
  }
  return visitor;
}

Visitor new_visitor(const ShopOptions& options, std::uint64_t visit_key) {
  Random random(mix(visit_key, 0x2E3));
  return draw_visitor(options, draw_country(options, random), random);
}

Visitor thief(const ShopOptions& options, std::uint64_t visit_key) {
  Random random(mix(visit_key, 0xF7A));
  const Country& away =
      countries[first_of_thieves + random.below(countries.size() - first_of_thieves)];
  Visitor visitor = draw_visitor(options, away, random);
  visitor.app = false;
  visitor.device_type = "desktop";
  visitor.clock_error = Milliseconds(0);
  visitor.home = &draw_country(options, random);
  return visitor;
}

std::string client_context(const Visitor& visitor, std::string_view campaign) {
  std::string json =
      visitor.app
          ? R"("library":{"name":"analytics-kotlin","version":"1.19.1"},"app":{"name":"Shop","version":"4.2.0"})"
          : R"("library":{"name":"analytics.js","version":"next-1.77.0"},"userAgent":")";
  if (!visitor.app) {
    json +=
        visitor.device_type == "desktop" ? web_agents[visitor.device_id.back() % 3] : web_agents[3];
    json += '"';
  }
  json += R"(,"ip":")" + visitor.ip + R"(","locale":")";
  json += visitor.here->locale;
  json += R"(","device":{"id":")" + visitor.device_id + R"(","type":")";
  json += visitor.device_type;
  json += R"("},"location":{"country_code":")";
  json += visitor.here->code;
  json += R"("})";
  if (!campaign.empty()) {
    json += R"(,"campaign":{"name":")";
    json += campaign;
    json += R"(","medium":"cpc"})";
  }
  return json;
}

std::string server_context(const Visitor& visitor, Sender sender) {
  std::string json = R"("library":{"name":"shop-)";
  json += name_of(sender);
  json += R"(","version":"2.0.0"},"ip":")" + visitor.ip + R"(","device":{"id":")" +
          visitor.device_id + R"(","type":")";
  json += visitor.device_type;
  json += R"("},"location":{"country_code":")";
  json += visitor.here->code;
  json += R"("})";
  return json;
}

}  // namespace bytebasket::producers::shop
