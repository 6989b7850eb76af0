#include "events/text_writer.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace bytebasket::events {
namespace {

std::string as_json(std::string_view text) {
  TextWriter out;
  out.put_quoted(text);
  return std::string(out.text());
}

TEST(TextWriter, EscapesNoMoreThanJsonAsksFor) {
  EXPECT_EQ(as_json(""), R"("")");
  EXPECT_EQ(as_json("Müsli / 3 €"), R"("Müsli / 3 €")");
  EXPECT_EQ(as_json("a\"b\\c\nd\x01"), R"("a\"b\\c\nd\u0001")");
  EXPECT_EQ(as_json(std::string_view("\0", 1)), R"("\u0000")");
}

TEST(TextWriter, EscapesWhereverItStands) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'x');
    text[at] = '"';
    std::string wanted = text;
    wanted.insert(at, "\\");
    ASSERT_EQ(as_json(text), '"' + wanted + '"');
  }
}

TEST(TextWriter, GrowsAndIsUsedAgain) {
  TextWriter out;
  for (int round = 0; round < 2; ++round) {
    out.clear();
    std::string wanted;
    for (int i = 0; i < 5000; ++i) {
      out.put("n=");
      out.put_number(i);
      out.put(';');
      wanted += "n=" + std::to_string(i) + ";";
    }
    ASSERT_EQ(out.text(), wanted);
  }
}

TEST(TextWriter, WritesTheLargestNumbers) {
  TextWriter out;
  out.put_number(std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(out.text(), "-9223372036854775808");
}

}  // namespace
}  // namespace bytebasket::events
