#include "contract/event_log_contract.hpp"

namespace bytebasket::streams {
namespace {

TEST_P(EventLogContract, HoldsEverythingWhenOpenedAgain) {
  append({transaction("a"), record(Stream::user_activity, "visitor", "b")});
  const LogRange before = *log().range(transactions);
  reopen();
  EXPECT_EQ(log().range(transactions)->end, Offset(1));
  EXPECT_EQ(log().range(transactions)->epoch, before.epoch);
  EXPECT_EQ(values(transactions, Offset(0)), std::vector<std::string>{"a"});
  EXPECT_EQ(append({transaction("c")})[0].offset, Offset(1));
}

TEST_P(EventLogContract, KeepsThePositionsOfGroupsApart) {
  EXPECT_FALSE(log().committed("processors", transactions)->has_value());
  ASSERT_TRUE(log().commit("processors", transactions, Offset(7)));
  ASSERT_TRUE(log().commit("archive", transactions, Offset(3)));
  ASSERT_TRUE(log().commit("processors", {Stream::user_activity, PartitionId(2)}, Offset(9)));
  ASSERT_TRUE(log().commit("processors", transactions, Offset(8)));
  reopen();
  EXPECT_EQ(*log().committed("processors", transactions), Offset(8));
  EXPECT_EQ(*log().committed("archive", transactions), Offset(3));
  EXPECT_EQ(*log().committed("processors", {Stream::user_activity, PartitionId(2)}), Offset(9));
  EXPECT_FALSE(log().committed("archive", {Stream::user_activity, PartitionId(2)})->has_value());
}

TEST_P(EventLogRetention, KeepsWhatIsYoungEnough) {
  EXPECT_EQ(*log().apply_retention(transactions, {.max_age = std::chrono::hours(48)}, Offset(100),
                                   much_later()),
            0U);
  EXPECT_EQ(log().range(transactions)->first, Offset(0));
}

TEST_P(EventLogRetention, RemovesWhatIsTooOldButNothingFromKeepFromOn) {
  const auto removed = log().apply_retention(transactions, {.max_age = std::chrono::hours(1)},
                                             Offset(55), much_later());
  ASSERT_TRUE(removed);
  const Offset first = log().range(transactions)->first;
  EXPECT_EQ(*removed, static_cast<std::uint64_t>(first.value()));
  EXPECT_GT(first, Offset(0));
  EXPECT_LE(first, Offset(55));
  EXPECT_EQ(values(transactions, first).size(), static_cast<std::size_t>(100 - first.value()));
  const auto gone = log().read(transactions, Offset(0), {});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::not_found);
}

TEST_P(EventLogRetention, KeepsAPartitionWithinItsSize) {
  const auto before = log().size_in_bytes(transactions);
  ASSERT_TRUE(before);
  EXPECT_GE(*before, 100'000U);
  ASSERT_TRUE(
      log().apply_retention(transactions, {.max_bytes = 45'000}, Offset(100), much_later()));
  EXPECT_LE(*log().size_in_bytes(transactions), 45'000U);
  EXPECT_GT(log().range(transactions)->first, Offset(50));
  EXPECT_LT(log().range(transactions)->first, Offset(100));
}

TEST_P(EventLogRetention, GoesOnCountingWhereItWasAfterEverythingIsRemoved) {
  EXPECT_EQ(*log().apply_retention(transactions, {.max_bytes = 0}, Offset(100), much_later()),
            100U);
  EXPECT_EQ(*log().size_in_bytes(transactions), 0U);
  reopen();
  EXPECT_EQ(log().range(transactions)->first, Offset(100));
  EXPECT_EQ(log().range(transactions)->end, Offset(100));
  EXPECT_EQ(append({transaction("next")})[0].offset, Offset(100));
  EXPECT_EQ(values(transactions, Offset(100)), std::vector<std::string>{"next"});
}

TEST_P(EventLogRetention, RemovesOnlyOnceAndStaysRemovedWhenOpenedAgain) {
  ASSERT_TRUE(log().apply_retention(transactions, {.max_age = std::chrono::hours(1)}, Offset(50),
                                    much_later()));
  const Offset first = log().range(transactions)->first;
  const auto size = *log().size_in_bytes(transactions);
  EXPECT_EQ(*log().apply_retention(transactions, {.max_age = std::chrono::hours(1)}, Offset(50),
                                   much_later()),
            0U);
  reopen();
  EXPECT_EQ(log().range(transactions)->first, first);
  EXPECT_EQ(*log().size_in_bytes(transactions), size);
}

}  // namespace
}  // namespace bytebasket::streams
