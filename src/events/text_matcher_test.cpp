#include "events/text_matcher.hpp"

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

constexpr Timestamp ten_o_clock = timestamp_from_ms(1'795'341'600'123);

TEST(TextMatcher, FollowsATextAsLongAsItIsWhatIsPut) {
  TextWriter scratch;
  TextMatcher match(R"({"at":"2026-11-22T10:00:00.123Z","id":"a"})", scratch);
  match.put(R"({"at":")");
  match.put_time(ten_o_clock);
  match.put('"');
  EXPECT_TRUE(match.matches());
  EXPECT_EQ(match.position(), 32U);
  match.put(std::string_view(",\"id\":"));
  match.put_quoted("a");
  match.put('}');
  EXPECT_TRUE(match.matches());
  match.put('}');  // nothing is left
  EXPECT_FALSE(match.matches());
}

TEST(TextMatcher, StaysWhereItFailed) {
  TextWriter scratch;
  TextMatcher match("abcd", scratch);
  match.put("ab");
  match.put("x");
  match.put("cd");
  EXPECT_FALSE(match.matches());
  EXPECT_EQ(match.position(), 2U);
}

TEST(TextMatcher, TakesAViewToTheVeryPlaceAndBytesThatAreAlike) {
  TextWriter scratch;
  constexpr std::string_view text = R"("one""one")";
  TextMatcher match(text, scratch);
  match.put_quoted(text.substr(1, 3));
  EXPECT_TRUE(match.matches());
  match.put_quoted(text.substr(1, 3));  // another place that says the same
  EXPECT_TRUE(match.matches());
  EXPECT_EQ(match.position(), text.size());
}

TEST(TextMatcher, ComparesTextsThatNeedEscapesAsTheyWouldBeWritten) {
  TextWriter scratch;
  TextMatcher same(R"("a\"b")", scratch);
  same.put_quoted("a\"b");
  EXPECT_TRUE(same.matches());
  TextMatcher otherwise(R"("a\u0022b")", scratch);  // a longer way to say it
  otherwise.put_quoted("a\"b");
  EXPECT_FALSE(otherwise.matches());
}

TEST(TextMatcher, ANumberIsNoString) {
  TextWriter scratch;
  constexpr std::string_view text = "123,";
  TextMatcher match(text, scratch);
  match.put_quoted(text.substr(0, 3));
  EXPECT_FALSE(match.matches());
  TextMatcher within(text, scratch);  // what stands around it are no quotes
  within.put_quoted(text.substr(1, 1));
  EXPECT_FALSE(within.matches());
}

}  // namespace
}  // namespace bytebasket::events
