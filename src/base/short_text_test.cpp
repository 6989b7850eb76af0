#include "base/short_text.hpp"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

std::string text_of_size(std::size_t size) {
  std::string text(size, 'a');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
  return text;
}

TEST(ShortText, IsTheSameOnlyWhereSizeAndEveryByteAre) {
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string text = text_of_size(size);
    EXPECT_TRUE(same_text(text, std::string(text)));
    EXPECT_FALSE(same_text(text, text + 'x'));
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = '!';
      EXPECT_FALSE(same_text(text, other)) << size << " bytes, byte " << i;
    }
  }
}

TEST(ShortText, HasFirstBytesInTheOrderOfTheTexts) {
  const std::vector<std::string> texts = {"", "a", "aa", "ab", "abcdefg", "abcdefgh", "b", "\xFF"};
  for (std::size_t i = 1; i < texts.size(); ++i)
    EXPECT_LT(first_bytes(texts[i - 1]), first_bytes(texts[i])) << texts[i];
  EXPECT_EQ(first_bytes("abcdefgh1"), first_bytes("abcdefgh2"));
}

TEST(ShortText, HashesSizeAndEveryByte) {
  std::set<std::uint64_t> hashes;
  std::size_t texts = 0;
  const auto add = [&](const std::string& text) {
    EXPECT_EQ(hash_of_text(text), hash_of_text(std::string(text)));
    hashes.insert(hash_of_text(text));
    ++texts;
  };
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string text = text_of_size(size);
    add(text);
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = '!';
      add(other);
    }
  }
  EXPECT_EQ(hashes.size(), texts);
}

TEST(ShortText, HasNoHashThatManyTextsWereMadeFor) {
  // With a fixed pair of factors, a first word that makes one of them zero would give every second
  // word the same hash; these made 0x9E3779B97F4A7C15 zero.
  std::string text = "\x05\x7C\x4A\x7F\xB9\x79\x37\x9E........";
  ASSERT_EQ(text.size(), 16U);
  std::set<std::uint64_t> hashes;
  for (char c = 'a'; c <= 'z'; ++c) {
    text.back() = c;
    hashes.insert(hash_of_text(text));
  }
  EXPECT_EQ(hashes.size(), 26U);
}

}  // namespace
}  // namespace bytebasket
