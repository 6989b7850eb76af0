#include "events/card_number.hpp"

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

std::string masked(std::string_view text) {
  std::string out;
  append_masked(out, text);
  return out;
}

TEST(CardNumber, IsFoundInOnePieceAndInPrintedGroups) {
  for (const char* text :
       {"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444",
        "2223003122003222", "378282246310005", "3782 822463 10005", "6011111111111117",
        "30569309025904", "3056 930902 5904", "3530111333300000", "6200000000000005",
        "pay with 4111 1111 1111 1111 please", "no:4111111111111111."}) {
    EXPECT_TRUE(has_card_number(text)) << text;
  }
}

TEST(CardNumber, IsNotSeenInOtherLongNumbers) {
  for (const char* text : {
           "4111111111111112",      // fails the Luhn check
           "1234567812345670",      // passes it, but no issuer begins so
           "1767225600000",         // milliseconds
           "1767225600000000",      // microseconds
           "4006381333931",         // an EAN-13
           "411111111111111",       // 15 digits are no Visa
           "41111111111111111111",  // 20 digits
           "a4111111111111111",
           "4111111111111111b",
           "48.4111111111111111",
           "2026-11-22T10:00:00.123Z",
           "2026-11-22 10:00:00",
           "41111111-1111-1111-1111-111111111111",  // a UUID of digits
           "4111  1111  1111  1111",
           "41 11 11 11 11 11 11 11",
           "+49 30 1234 5678",
           "",
       }) {
    EXPECT_FALSE(has_card_number(text)) << text;
  }
}

TEST(CardNumber, IsFoundWhereverItStandsInALongText) {
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string text =
        std::string(before, 'x') + " 4111111111111111 " + std::string(40 - before, 'y');
    EXPECT_TRUE(has_card_number(text)) << before;
    const std::string digits =
        std::string(before % 4, '1') + " 17 4111 1111 1111 1111 " + std::string(before, '2');
    EXPECT_TRUE(has_card_number(digits)) << digits;
  }
}

TEST(CardNumber, IsMaskedButForItsLastFourDigits) {
  EXPECT_EQ(masked("4111111111111111"), "************1111");
  EXPECT_EQ(masked("a 4111 1111 1111 1111, b 5555555555554444!"),
            "a **** **** **** 1111, b ************4444!");
  EXPECT_EQ(masked("nothing here 12345"), "nothing here 12345");
}

TEST(CardNumber, IsMaskedInBytesThatCouldNotBeReadWhateverItBeginsWith) {
  EXPECT_EQ(mask_unread(R"({"a":4111111111111111,"b":)"), R"({"a":************1111,"b":)");
  EXPECT_EQ(mask_unread("x4111 1111 1111 1111"), "x**** **** **** 1111");
  EXPECT_EQ(mask_unread("1234"), "1234");
  EXPECT_EQ(mask_unread(""), "");
}

TEST(CardKey, IsKnownInEverySpelling) {
  for (const char* key : {"card_number", "cardNumber", "CardNumber", "CARD-NUMBER", "pan", "PAN",
                          "credit_card", "cc_number"}) {
    EXPECT_TRUE(is_card_key(key)) << key;
  }
  for (const char* key :
       {"", "card", "card_fingerprint", "company", "a_very_long_key_that_is_not_known"}) {
    EXPECT_FALSE(is_card_key(key)) << key;
  }
}

TEST(CardKey, LetsWhatMayBeShownOfACardPass) {
  EXPECT_FALSE(shows_too_much("411111******1111"));
  EXPECT_FALSE(shows_too_much("1111"));
  EXPECT_TRUE(shows_too_much("4111111*****1111"));
  EXPECT_TRUE(shows_too_much("4006381333931"));
}

}  // namespace
}  // namespace bytebasket::events
