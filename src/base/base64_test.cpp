#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

TEST(Base64, EncodesTheExamplesOfItsStandard) {
  EXPECT_EQ(encode_base64(""), "");
  EXPECT_EQ(encode_base64("f"), "Zg==");
  EXPECT_EQ(encode_base64("fo"), "Zm8=");
  EXPECT_EQ(encode_base64("foo"), "Zm9v");
  EXPECT_EQ(encode_base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, GivesEveryByteBack) {
  std::string bytes;
  for (int value = 0; value < 256; ++value) {
    bytes += static_cast<char>(value);
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
  }
}

TEST(Base64, TakesTheAlphabetOfUrlsAndMissingPadding) {
  EXPECT_EQ(decode_base64("_-8"), "\xFF\xEF");
  EXPECT_EQ(decode_base64("/+8="), "\xFF\xEF");
}

TEST(Base64, RefusesWhatIsNone) { EXPECT_FALSE(decode_base64("Zm9v!")); }

}  // namespace
}  // namespace bytebasket
