#include "base/names.hpp"

#include <array>

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

enum class Colour { red, green };
constexpr std::array<std::string_view, 2> colours = {"red", "green"};

TEST(Names, NameTheMembersOfAnEnumerationInTheirOrder) {
  EXPECT_EQ(member_named<Colour>(colours, "red"), Colour::red);
  EXPECT_EQ(member_named<Colour>(colours, "green"), Colour::green);
  EXPECT_EQ(member_named<Colour>(colours, "blue"), std::nullopt);
}

TEST(Names, AreJoinedForPeople) {
  EXPECT_EQ(joined(colours), "red, green");
  EXPECT_EQ(joined({}), "");
}

}  // namespace
}  // namespace bytebasket
