#include "events/money.hpp"

#include <cstdint>
#include <random>

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

std::int64_t micros(std::string_view text) {
  const auto amount = parse_money(text);
  EXPECT_TRUE(amount) << text;
  return amount ? amount->value() : INT64_MIN;
}

std::string refusal(std::string_view text) {
  const auto amount = parse_money(text);
  EXPECT_FALSE(amount) << text;
  return amount ? std::string() : amount.error().message;
}

TEST(Money, ReadsDecimalsExactly) {
  EXPECT_EQ(micros("25.10"), 25'100'000);
  EXPECT_EQ(micros("0"), 0);
  EXPECT_EQ(micros("-0"), 0);
  EXPECT_EQ(micros("-3.000001"), -3'000'001);
  EXPECT_EQ(micros("000012.5"), 12'500'000);
  EXPECT_EQ(micros("5."), 5'000'000);
  EXPECT_EQ(micros(".5"), 500'000);
}

TEST(Money, RoundsFloatNoiseHalfToEvenAtTheMillionth) {
  EXPECT_EQ(micros("75.30000000000001"), 75'300'000);
  EXPECT_EQ(micros("0.0000005"), 0);
  EXPECT_EQ(micros("0.0000015"), 2);
  EXPECT_EQ(micros("0.0000025"), 2);
  EXPECT_EQ(micros("0.00000250000000001"), 3);
  EXPECT_EQ(micros("0.0000004999999"), 0);
  EXPECT_EQ(micros("-0.0000015"), -2);
  EXPECT_EQ(micros("9.9999995"), 10'000'000);
}

TEST(Money, ReadsExponents) {
  EXPECT_EQ(micros("2.51e1"), 25'100'000);
  EXPECT_EQ(micros("2510E-2"), 25'100'000);
  EXPECT_EQ(micros("1e-7"), 0);
  EXPECT_EQ(micros("15e-7"), 2);
  EXPECT_EQ(micros("1e12"), 1'000'000'000'000'000'000);
  EXPECT_EQ(micros("0e999999999999"), 0);
  EXPECT_EQ(micros("1e-999999999999"), 0);
}

TEST(Money, RefusesWhatDoesNotFitAndSaysSo) {
  EXPECT_EQ(micros("9223372036854.775807"), INT64_MAX);
  EXPECT_EQ(micros("-9223372036854.775807"), -INT64_MAX);
  EXPECT_NE(refusal("9223372036854.775808").find("beyond"), std::string::npos);
  EXPECT_NE(refusal("9223372036854.7758075").find("beyond"), std::string::npos);
  EXPECT_NE(refusal("1e13").find("beyond"), std::string::npos);
  EXPECT_NE(refusal("1e999999999999").find("beyond"), std::string::npos);
}

TEST(Money, RefusesWhatIsNoDecimalNumber) {
  for (const char* text :
       {"", "NaN", "Infinity", "-", ".", "1.2.3", "25,10", "$5", "1e", "1e+", "0x10", " 1", "1 "}) {
    EXPECT_NE(refusal(text).find("no amount of money"), std::string::npos) << text;
  }
}

TEST(Money, WritesTheShortestDecimalThatReadsBackTheSame) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = static_cast<std::int64_t>(random()) >> (random() % 64);
    std::string text;
    append_money_shortest(text, Micros(value == INT64_MIN ? 0 : value));
    EXPECT_EQ(micros(text), value == INT64_MIN ? 0 : value) << text;
    EXPECT_TRUE(text.find('.') == std::string::npos || text.back() != '0') << text;
  }
}

TEST(Money, WritesSixDecimalsForTheApi) {
  EXPECT_EQ(format_money(Micros(25'100'000)), "25.100000");
  EXPECT_EQ(format_money(Micros(-1)), "-0.000001");
  EXPECT_EQ(format_money(Micros(INT64_MAX)), "9223372036854.775807");
}

TEST(Money, SaysWhenSumsAndProductsOverflow) {
  EXPECT_EQ(add(Micros(1), Micros(2)), Micros(3));
  EXPECT_EQ(add(Micros(INT64_MAX), Micros(1)), std::nullopt);
  EXPECT_EQ(multiply(Micros(3), 4), Micros(12));
  EXPECT_EQ(multiply(Micros(INT64_MAX), 2), std::nullopt);
}

TEST(Currency, IsThreeLettersInAnyCase) {
  EXPECT_EQ(Currency::parse("eur")->text(), "EUR");
  EXPECT_EQ(Currency::parse("EUR"), Currency::parse("Eur"));
  for (const char* text : {"", "EU", "EURO", "E1R", "\xE2\x82\xAC"})
    EXPECT_EQ(Currency::parse(text), std::nullopt) << text;
  EXPECT_EQ(Currency().text(), "");
}

}  // namespace
}  // namespace bytebasket::events
