#include "base/position.hpp"

#include <type_traits>

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

static_assert(!std::is_convertible_v<Offset, PartitionId>, "an offset is no partition number");
static_assert(!std::is_convertible_v<int, Offset>, "a number becomes an offset only on purpose");

TEST(Position, IsOrderedByEpochThenOffset) {
  const Position old_epoch{Epoch(1), Offset(1'000)};
  const Position new_epoch{Epoch(2), Offset(0)};
  EXPECT_LT(old_epoch, new_epoch);
  EXPECT_LT(new_epoch, (Position{Epoch(2), Offset(1)}));
}

TEST(Position, StartsBeforeTheFirstRecord) {
  EXPECT_LT(Position{}, (Position{Epoch(0), Offset(0)}));
}

TEST(Offset, IsFollowedByTheNext) { EXPECT_EQ(Offset(4).next(), Offset(5)); }

}  // namespace
}  // namespace bytebasket
