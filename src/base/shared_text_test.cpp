#include "base/shared_text.hpp"

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

TEST(SharedText, SharesOneTextAmongItsCopies) {
  SharedText first(std::string(100, 'x'));
  const SharedText second = first;
  EXPECT_EQ(first.data(), second.data());
  first = "other";
  EXPECT_EQ(second, std::string(100, 'x'));
  EXPECT_EQ(first, "other");
}

TEST(SharedText, KeepsTheBlockThatItIsAPartOf) {
  auto block = std::make_shared<const std::string>("key and value");
  const std::weak_ptr<const std::string> watched = block;
  SharedText key(std::string_view(*block).substr(0, 3), block);
  const SharedText value(std::string_view(*block).substr(8), block);
  block.reset();
  key = {};
  EXPECT_EQ(value, "value");
  EXPECT_FALSE(watched.expired());
}

TEST(SharedText, IsEmptyWhereNothingWasGiven) {
  const SharedText none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none, "");
  EXPECT_EQ(none.size(), 0U);
}

}  // namespace
}  // namespace bytebasket
