#include "base/counters.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace bytebasket {
namespace {

TEST(DurationHistogram, PutsADurationInTheRangeUpToItsBound) {
  DurationHistogram histogram;
  histogram.record(std::chrono::microseconds(100));
  histogram.record(std::chrono::microseconds(101));
  histogram.record(std::chrono::seconds(11));
  EXPECT_EQ(histogram.in_range(0), 1U);
  EXPECT_EQ(histogram.in_range(1), 1U);
  EXPECT_EQ(histogram.in_range(DurationHistogram::bounds.size()), 1U);
  EXPECT_DOUBLE_EQ(histogram.sum_seconds(), 11.000201);
}

TEST(CounterFamily, KeepsOneMemberForEachLabelWhileManyThreadsCount) {
  CounterFamily<Counter> family;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&family] {
      for (int n = 0; n < 1000; ++n) family.of(n % 2 == 0 ? "even" : "odd").add();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<std::pair<std::string, std::uint64_t>> seen;
  family.for_each([&](const std::string& label, const Counter& counter) {
    seen.emplace_back(label, counter.value());
  });
  EXPECT_EQ(seen,
            (std::vector<std::pair<std::string, std::uint64_t>>{{"even", 2000}, {"odd", 2000}}));
}

TEST(Trouble, IsNoneUntilSetAndNoneAgainOnceCleared) {
  Trouble trouble;
  EXPECT_EQ(trouble.reason(), std::nullopt);
  trouble.set("disk full");
  EXPECT_EQ(trouble.reason(), "disk full");
  trouble.clear();
  EXPECT_EQ(trouble.reason(), std::nullopt);
}

}  // namespace
}  // namespace bytebasket
