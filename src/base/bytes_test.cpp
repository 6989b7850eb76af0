#include "base/bytes.hpp"

#include <array>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

constexpr std::array<std::int64_t, 11> edges = {std::numeric_limits<std::int64_t>::min(),
                                                -1'000'000,
                                                -129,
                                                -128,
                                                -1,
                                                0,
                                                1,
                                                127,
                                                128,
                                                1'700'000'000'000,
                                                std::numeric_limits<std::int64_t>::max()};

const std::vector<std::string> texts = {"",
                                        std::string("\0", 1),
                                        std::string("\0\0", 2),
                                        std::string("\0\1", 2),
                                        std::string("\0\xFF", 2),
                                        "\1",
                                        "a",
                                        std::string("a\0", 2),
                                        std::string("a\0b", 3),
                                        "ab",
                                        "b",
                                        "\xFE",
                                        "\xFF",
                                        "\xFF\xFF"};

TEST(ByteWriter, IsReadBackByByteReader) {
  std::string bytes;
  ByteWriter writer(bytes);
  writer.put_u8(200);
  writer.put_u32(0xDEADBEEF);
  writer.put_u64(0x0123456789ABCDEF);
  for (const std::int64_t value : edges) writer.put_signed(value);
  for (const std::int64_t value : edges) writer.put_varint(static_cast<std::uint64_t>(value));
  for (const std::string& text : texts) writer.put_string(text);
  writer.put_raw("end");

  ByteReader reader(bytes);
  EXPECT_EQ(reader.take_u8(), 200);
  EXPECT_EQ(reader.take_u32(), 0xDEADBEEF);
  EXPECT_EQ(reader.take_u64(), 0x0123456789ABCDEFU);
  for (const std::int64_t value : edges) EXPECT_EQ(reader.take_signed(), value);
  for (const std::int64_t value : edges)
    EXPECT_EQ(reader.take_varint(), static_cast<std::uint64_t>(value));
  for (const std::string& text : texts) EXPECT_EQ(reader.take_string(), text);
  EXPECT_EQ(reader.take_raw(3), "end");
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.at_end());
}

TEST(ByteWriter, StoresFixedIntegersLittleEndian) {
  std::string bytes;
  ByteWriter(bytes).put_u32(0x01020304);
  EXPECT_EQ(bytes, "\x04\x03\x02\x01");
}

TEST(ByteReader, StaysFailedAfterReadingPastTheEnd) {
  ByteReader reader("ab");
  EXPECT_EQ(reader.take_u32(), 0U);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.take_u8(), 0);
  EXPECT_EQ(reader.take_raw(1), "");
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, RefusesAVarintThatIsTooLongOrCutOff) {
  for (const std::string& bytes :
       {std::string(11, '\x80'), std::string(9, '\xFF') + "\x02", std::string("\x80")}) {
    ByteReader reader(bytes);
    EXPECT_EQ(reader.take_varint(), 0U);
    EXPECT_FALSE(reader.ok());
  }
}

TEST(ByteReader, RefusesAStringLongerThanTheInput) {
  std::string bytes;
  ByteWriter(bytes).put_varint(std::numeric_limits<std::uint64_t>::max());
  bytes += "abc";
  ByteReader reader(bytes);
  EXPECT_EQ(reader.take_string(), "");
  EXPECT_FALSE(reader.ok());
}

TEST(KeyText, OrdersAsTheTextDoesAlsoBeforeAFurtherPart) {
  for (const std::string& left : texts) {
    for (const std::string& right : texts) {
      if (left == right) continue;
      std::string left_key;
      std::string right_key;
      append_key_text(left_key, left);
      append_key_text(right_key, right);
      EXPECT_FALSE(left_key.starts_with(right_key)) << "a key says itself where it ends";
      append_key_int(left_key, 5);
      append_key_int(right_key, -5);
      EXPECT_EQ(left_key < right_key, left < right);
    }
  }
}

TEST(KeyInt, OrdersAsTheNumberDoesAndDescendingTheOtherWayRound) {
  for (const std::int64_t left : edges) {
    for (const std::int64_t right : edges) {
      std::string up_left;
      std::string up_right;
      std::string down_left;
      std::string down_right;
      append_key_int(up_left, left);
      append_key_int(up_right, right);
      append_key_int_descending(down_left, left);
      append_key_int_descending(down_right, right);
      EXPECT_EQ(up_left < up_right, left < right);
      EXPECT_EQ(down_left<down_right, left> right);
    }
  }
}

TEST(KeyParts, AreTakenBackInTheirOrder) {
  for (const std::string& text : texts) {
    for (const std::int64_t number : edges) {
      std::string key;
      append_key_text(key, text);
      append_key_int(key, number);
      append_key_int_descending(key, number);
      std::string_view rest = key;
      EXPECT_EQ(take_key_text(rest), text);
      EXPECT_EQ(take_key_int(rest), number);
      EXPECT_EQ(take_key_int_descending(rest), number);
      EXPECT_TRUE(rest.empty());
    }
  }
}

TEST(KeyParts, AreRefusedWhereTheBytesAreNone) {
  for (const std::string& bytes :
       {std::string(), std::string("abc"), std::string("a\0", 2), std::string("a\0b", 3)}) {
    std::string_view rest = bytes;
    EXPECT_FALSE(take_key_text(rest));
  }
  std::string_view cut = "1234567";
  EXPECT_FALSE(take_key_int(cut));
  EXPECT_FALSE(take_key_int_descending(cut));
}

}  // namespace
}  // namespace bytebasket
