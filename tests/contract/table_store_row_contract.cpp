#include <atomic>
#include <chrono>
#include <thread>

#include <gmock/gmock.h>

#include "contract/table_store_contract.hpp"

namespace bytebasket::storage {
namespace {

constexpr Timestamp long_ago = timestamp_from_ms(1'000'000'000'000);

Timestamp far_future() { return SystemClock().now() + std::chrono::hours(24 * 365); }

TEST_P(TableStoreContract, HasNoRowThatWasNeverWritten) { EXPECT_EQ(value(row("p", "c")), "-"); }

TEST_P(TableStoreContract, AnswersEachKeyInItsPlace) {
  write({{row("p", "a"), "1", at(10), {}}, {row("q", "b"), "2", at(11), {}}});
  const auto rows =
      get_now(store(), {row("q", "b"), row("p", "missing"), row("p", "a"), row("q", "b")});
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 4U);
  EXPECT_EQ(rows->at(0)->value, "2");
  EXPECT_EQ(rows->at(0)->position, at(11));
  EXPECT_EQ(rows->at(0)->clustering, row("q", "b").clustering);
  EXPECT_FALSE(rows->at(1));
  EXPECT_EQ(rows->at(2)->value, "1");
  EXPECT_EQ(rows->at(3)->value, "2");
}

TEST_P(TableStoreContract, FindsManyRowsOfOnePartitionAtOnce) {
  std::vector<Mutation> mutations;
  std::vector<RowKey> keys;
  for (int i = 0; i < 250; ++i) {
    const schema::VisitorsKey key{"v", i % 2 == 0 ? "cart" : "day", i, "id"};
    keys.push_back(storage::RowKey::of(key));
    if (i % 5 != 0) mutations.push_back({keys.back(), std::to_string(i), at(i), {}});
  }
  keys.push_back(keys[1]);
  write(std::move(mutations));
  const auto rows = get_now(store(), keys);
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), keys.size());
  for (std::size_t i = 0; i < 250; ++i) {
    ASSERT_EQ(rows->at(i).has_value(), i % 5 != 0) << i;
    if (!rows->at(i)) continue;
    EXPECT_EQ(rows->at(i)->value, std::to_string(i));
    EXPECT_EQ(rows->at(i)->position, at(static_cast<std::int64_t>(i)));
    EXPECT_EQ(rows->at(i)->clustering, keys[i].clustering);
  }
  EXPECT_EQ(rows->back()->value, "1") << "a key that is asked for twice";
}

TEST_P(TableStoreContract, AcceptsEmptyRequests) {
  write({});
  EXPECT_TRUE(get_now(store(), {})->empty());
}

TEST_P(TableStoreContract, KeepsAnyBytes) {
  const std::string bytes("\0\xFF\x01 \0", 5);
  // Texts of keys are UTF-8: with zeros, and with characters of one to four bytes.
  const std::string key("\0\x01 \0\xC3\xBC\xE2\x82\xAC\xF0\x9F\x9B\x92", 13);
  write({{row(key, key), bytes, at(1), {}}});
  EXPECT_EQ(value(row(key, key)), bytes);
  const std::string large(2 << 20, 'x');
  write({{row("large", ""), large, at(1), {}}});
  EXPECT_EQ(value(row("large", "")), large);
}

TEST_P(TableStoreContract, KeepsTablesApart) {
  const schema::OrdersKey order{"same", "key"};
  write({{row("same", "key"), "decision", at(1), {}},
         {storage::RowKey::of(order), "order", at(1), {}}});
  EXPECT_EQ(value(row("same", "key")), "decision");
  EXPECT_EQ(value(storage::RowKey::of(order)), "order");
}

TEST_P(TableStoreContract, ANewerPositionWinsAndAnOlderOneLosesSilently) {
  write({{row("p", "c"), "old", at(5), {}}});
  write({{row("p", "c"), "new", at(7), {}}});
  write({{row("p", "c"), "late", at(6), {}}});
  EXPECT_EQ(value(row("p", "c")), "new");
  EXPECT_EQ(get_now(store(), {row("p", "c")})->at(0)->position, at(7));
}

TEST_P(TableStoreContract, AnEqualPositionIsTheSameWriteAgain) {
  for (int i = 0; i < 3; ++i) write({{row("p", "c"), "value", at(5), far_future()}});
  EXPECT_EQ(value(row("p", "c")), "value");
  EXPECT_EQ(get_now(store(), {row("p", "c")})->at(0)->position, at(5));
}

TEST_P(TableStoreContract, OfOtherBytesAtAnEqualPositionOneStays) {
  write({{row("p", "c"), "first", at(5), {}}});
  write({{row("p", "c"), "second", at(5), {}}});
  EXPECT_THAT(value(row("p", "c")), ::testing::AnyOf("first", "second"));
  write({{row("p", "c"), "next", at(6), {}}});
  EXPECT_EQ(value(row("p", "c")), "next");
}

TEST_P(TableStoreContract, ANewEpochWinsOverEveryOffsetOfTheOldOne) {
  write({{row("p", "c"), "new epoch", at(0, 2), {}}});
  write({{row("p", "c"), "old epoch", at(1'000'000, 1), {}}});
  EXPECT_EQ(value(row("p", "c")), "new epoch");
}

TEST_P(TableStoreContract, TheLastOfSeveralMutationsOfARowInOneWriteWins) {
  write({{row("p", "c"), "a", at(5), {}},
         {row("p", "c"), "b", at(5), {}},
         {row("p", "c"), "c", at(4), {}}});
  EXPECT_EQ(value(row("p", "c")), "b");
}

TEST_P(TableStoreContract, AnOlderPositionLosesAlsoAfterReopenAndCompaction) {
  write({{row("p", "c"), "new", at(7), {}}});
  reopen();
  write({{row("p", "c"), "old", at(6), {}}});
  EXPECT_EQ(value(row("p", "c")), "new");
  ASSERT_TRUE(store().compact());
  write({{row("p", "c"), "old", at(6), {}}});
  EXPECT_EQ(value(row("p", "c")), "new");
}

TEST_P(TableStoreContract, AnEmptiedRowIsGoneButStillWinsOverOlderOnes) {
  write({{row("p", "c"), "there", at(5), {}}});
  write({{row("p", "c"), "", at(6), {}}});
  EXPECT_EQ(value(row("p", "c")), "-");
  write({{row("p", "c"), "older", at(5), {}}});
  EXPECT_EQ(value(row("p", "c")), "-");
  ASSERT_TRUE(store().compact());
  write({{row("p", "c"), "older", at(5), {}}});
  EXPECT_EQ(value(row("p", "c")), "-");
  write({{row("p", "c"), "newer", at(7), {}}});
  EXPECT_EQ(value(row("p", "c")), "newer");
}

TEST_P(TableStoreContract, AnExpiredRowIsGone) {
  write({{row("p", "gone"), "x", at(1), long_ago}, {row("p", "kept"), "y", at(1), far_future()}});
  EXPECT_EQ(value(row("p", "gone")), "-");
  EXPECT_EQ(value(row("p", "kept")), "y");
  EXPECT_EQ(all_values("p", false, 10), std::vector<std::string>{"y"});
  ASSERT_TRUE(store().compact());
  EXPECT_EQ(value(row("p", "gone")), "-");
  EXPECT_EQ(value(row("p", "kept")), "y");
}

TEST_P(TableStoreContract, AnExpiredRowHidesTheOlderOneBeneathIt) {
  write({{row("p", "c"), "older", at(1), {}}});
  write({{row("p", "c"), "newer", at(2), long_ago}});
  EXPECT_EQ(value(row("p", "c")), "-");
  ASSERT_TRUE(store().compact());
  EXPECT_EQ(value(row("p", "c")), "-");
}

TEST_P(TableStoreContract, HoldsEverythingWhenOpenedAgain) {
  std::vector<Mutation> mutations;
  for (int i = 0; i < 500; ++i) {
    mutations.push_back(
        {row("p" + std::to_string(i % 50), std::to_string(i)), std::to_string(i), at(i), {}});
  }
  write(mutations);
  ASSERT_TRUE(store().sync());
  reopen();
  for (const Mutation& mutation : mutations) EXPECT_EQ(value(mutation.key), mutation.value);
}

TEST_P(TableStoreContract, CompareAndSetWritesOnlyOverWhatIsExpected) {
  const RowKey key = guarded_row(0);
  EXPECT_FALSE(*compare_and_set_now(store(), key, "someone", "me"));
  EXPECT_TRUE(*compare_and_set_now(store(), key, std::nullopt, "me"));
  EXPECT_FALSE(*compare_and_set_now(store(), key, std::nullopt, "you"));
  EXPECT_TRUE(*compare_and_set_now(store(), key, "me", "you"));
  EXPECT_EQ(value(key), "you");
  reopen();
  EXPECT_EQ(value(key), "you");
  EXPECT_TRUE(*compare_and_set_now(store(), key, "you", "me"));
}

TEST_P(TableStoreContract, OfManyThatCompareAndSetExactlyOneWins) {
  std::vector<std::thread> rivals;
  std::atomic<int> won = 0;
  for (int i = 0; i < 8; ++i) {
    rivals.emplace_back([&, i] {
      if (*compare_and_set_now(store(), guarded_row(0), std::nullopt, std::to_string(i))) ++won;
    });
  }
  for (auto& rival : rivals) rival.join();
  EXPECT_EQ(won, 1);
}

TEST_P(TableStoreContract, KeepsGuardedRowsApartFromThoseOfAPosition) {
  EXPECT_EQ(write_now(store(), {{guarded_row(0), "v", at(1), {}}}).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(compare_and_set_now(store(), row("p", "c"), std::nullopt, "v").error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(value(guarded_row(0)), "-");
  EXPECT_EQ(value(row("p", "c")), "-");
  EXPECT_TRUE(*compare_and_set_now(store(), guarded_row(0), std::nullopt, "v"));
  EXPECT_FALSE(*compare_and_set_now(store(), guarded_row(1), "v", "w")) << "another row's value";
}

TEST_P(TableStoreContract, WritersInManyThreadsLoseNothing) {
  constexpr int threads = 4;
  constexpr int rows = 200;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < threads; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < rows; ++i) {
        // All write the shared row too: its newest position must win whoever is last.
        write({{row("shared", "row"), std::to_string(i), at(i), {}},
               {row("own" + std::to_string(writer), std::to_string(i)), "v", at(i), {}}});
      }
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(value(row("shared", "row")), std::to_string(rows - 1));
  for (int writer = 0; writer < threads; ++writer) {
    EXPECT_EQ(all_values("own" + std::to_string(writer), false, 1000).size(),
              static_cast<std::size_t>(rows));
  }
}

TEST_P(TableStoreContract, AnswersWithCancelledAfterClose) {
  store().close();
  const auto written = write_now(store(), {{row("p", "c"), "v", at(1), {}}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::cancelled);
  EXPECT_EQ(get_now(store(), {row("p", "c")}).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace bytebasket::storage
