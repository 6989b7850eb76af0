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

TEST(TextWriter, EscapesWhereverItStandsInATextOfAnySize) {
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'"', '\\'}) {
        std::string text(size, 'x');
        text[at] = c;
        std::string wanted = text;
        wanted.insert(at, "\\");
        ASSERT_EQ(as_json(text), '"' + wanted + '"');
      }
    }
  }
}

TEST(TextWriter, KeepsEveryOtherByteAsItIs) {
  for (int byte = 0x20; byte < 0x100; ++byte) {
    if (byte == '"' || byte == '\\') continue;
    for (std::size_t size = 1; size < 36; ++size) {
      std::string text(size, 'x');
      text[size / 2] = static_cast<char>(byte);
      ASSERT_EQ(as_json(text), '"' + text + '"') << byte;
    }
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
