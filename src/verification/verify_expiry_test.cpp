#include <chrono>
#include <filesystem>

#include <gtest/gtest.h>

#include "support/settable_clock.hpp"
#include "support/verified_shop.hpp"
#include "verification/verify.hpp"

namespace bytebasket::verification {
namespace {

using schema::TableId;

/// Tables on a clock that stands where the oldest minutes of a processed shop expire.
class ExpiryTest : public testing::VerifiedShop {
 protected:
  ExpiryTest() {
    clock_.set(to_ms(testing::SmallShop::start));
    tables_.reset();
    std::filesystem::remove_all(folder_ / "tables");
    tables_ = std::move(*storage::EmbeddedTables::open(
        {.folder = folder_ / "tables", .memory_bytes = 16 << 20, .clock = &clock_}));
    append(900);
    process();
    rows_ = contents_of(*tables_).size();
    clock_.set(to_ms(testing::SmallShop::start + metrics::GrainRetention().kept[0]));
  }

  void wait(Milliseconds time) { clock_.set(to_ms(clock_.now() + time)); }

  testing::SettableClock clock_;
  std::size_t rows_ = 0;  ///< before the first expired
};

TEST_F(ExpiryTest, RowsThatExpireWhileTheyAreComparedAreNoDifference) {
  for (const std::size_t held : {std::size_t{1}, std::size_t{64} << 20}) {
    SCOPED_TRACE(held);
    held_bytes_ = held;
    testing::DisturbedTables expiring(*tables_);
    expiring.before_each_page([&] { wait(std::chrono::minutes(1)); });
    LogHistory history(*log_);
    const auto report = try_verify(expiring, history, {.clock = &clock_});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->passed()) << to_text(*report);
    const std::size_t left = contents_of(*tables_).size();
    EXPECT_LT(left, rows_) << "some have expired";
    EXPECT_GT(left, rows_ / 10) << "and not all";
  }
}

// Cassandra's clock is another, and it counts in whole seconds.
TEST_F(ExpiryTest, TheClockOfTheTablesMayBeSecondsFromOurs) {
  testing::SettableClock ours;
  for (int minute = 0; minute < 10; ++minute) {
    for (const int seconds : {-4, 0, 4}) {
      ours.set(to_ms(clock_.now() + std::chrono::seconds(seconds)));
      const Report report = verify({.clock = &ours});
      EXPECT_TRUE(report.passed()) << to_text(report);
    }
    wait(std::chrono::minutes(1));
  }
  EXPECT_LT(contents_of(*tables_).size(), rows_);
}

TEST_F(ExpiryTest, ARowThatIsGoneThoughItLastsIsADifference) {
  const storage::TableRow row = some_row(TableId::visitors);
  ASSERT_TRUE(write_now(*tables_, {{row.key, "any", row.position, clock_.now()}}));
  const Report report = verify({.clock = &clock_});
  ASSERT_EQ(report.difference_count, 1U) << to_text(report);
  EXPECT_EQ(report.differences[0].kind, Difference::Kind::missing);
  EXPECT_EQ(report.differences[0].key, row.key);
}

}  // namespace
}  // namespace bytebasket::verification
