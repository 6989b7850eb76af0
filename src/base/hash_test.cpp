#include "base/hash.hpp"

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

// Hashes are stored and decide partitions: these values may never change.
TEST(Hash64, IsXxh3AsPublished) {
  EXPECT_EQ(to_hex(hash64("")), "2d06800538d394c2");
  EXPECT_EQ(to_hex(hash64("a")), "e6c632b61e964e1f");
  EXPECT_EQ(to_hex(hash64("abc")), "78af5f94892f3950");
}

TEST(Hash64, WithASeedIsAnotherHash) {
  EXPECT_EQ(hash64("visitor", 0), hash64("visitor"));
  EXPECT_NE(hash64("visitor", 1), hash64("visitor"));
  EXPECT_NE(hash64("visitor", 1), hash64("visitor", 2));
}

TEST(ToHex, GivesSixteenDigits) {
  EXPECT_EQ(to_hex(0), "0000000000000000");
  EXPECT_EQ(to_hex(0xFEDCBA9876543210), "fedcba9876543210");
}

}  // namespace
}  // namespace bytebasket
