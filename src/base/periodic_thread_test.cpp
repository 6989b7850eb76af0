#include "base/periodic_thread.hpp"

#include <latch>

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

TEST(PeriodicThread, WorksAgainAndAgain) {
  std::latch three(3);
  int calls = 0;
  {
    const PeriodicThread thread(Milliseconds(1), PeriodicThread::Begin::at_once, [&] {
      if (++calls <= 3) three.count_down();
    });
    three.wait();
  }
  EXPECT_GE(calls, 3);
}

TEST(PeriodicThread, EndsWithoutWaitingForItsPause) {
  int calls = 0;
  {
    const PeriodicThread thread(std::chrono::hours(1), PeriodicThread::Begin::after_a_pause,
                                [&] { ++calls; });
  }
  EXPECT_EQ(calls, 0);
}

TEST(PeriodicThread, WaitsForTheWorkAtHandWhenItEnds) {
  std::latch begun(1);
  bool finished = false;
  {
    const PeriodicThread thread(std::chrono::hours(1), PeriodicThread::Begin::at_once, [&] {
      begun.count_down();
      finished = true;
    });
    begun.wait();
  }
  EXPECT_TRUE(finished);
}

}  // namespace
}  // namespace bytebasket
