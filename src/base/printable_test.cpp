#include "base/printable.hpp"

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

TEST(Printable, SpellsControlCharactersAndLeavesTheRest) {
  EXPECT_EQ(printable("Schuhe für 9 €"), "Schuhe für 9 €");
  EXPECT_EQ(printable("a\nb\r\x1b[2J\x7f"), "a\\nb\\x0d\\x1b[2J\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "2J\xC2\xA0"),
            "\\x9b2J\xC2\xA0");
  EXPECT_EQ(printable("\xFF\xC2"), "\xFF\xC2");
}

}  // namespace
}  // namespace bytebasket
