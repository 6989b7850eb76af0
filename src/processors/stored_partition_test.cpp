#include "processors/stored_partition.hpp"

#include <functional>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/forwarding_tables.hpp"
#include "support/in_memory_engines.hpp"

namespace bytebasket::processors {
namespace {

using ::testing::HasSubstr;
using testing::InMemoryTables;

constexpr streams::TopicPartition orders{streams::Stream::transactions, PartitionId(0)};

StoredPartition::AskForRange holds(streams::LogRange range) {
  return [range] { return Result<streams::LogRange>(range); };
}

const StoredPartition::AskForRange hundred = holds({Epoch(1), Offset(0), Offset(100)});

Position at(std::int64_t offset) { return {Epoch(1), Offset(offset)}; }

storage::RowKey order_row(const std::string& id) {
  const schema::OrdersKey key{id, "state"};
  return storage::RowKey::of(key);
}

/// Two levels of one row each.
Levels two_levels(Position upto) {
  return {{{{order_row("derived"), "d", upto, std::nullopt}},
           {{order_row("underived"), "u", upto, std::nullopt}}}};
}

Result<std::size_t> flush(StoredPartition& partition, Position upto) {
  return partition.flush({upto, {{"metrics", "hash"}}}, two_levels(upto));
}

TEST(StoredPartition, GoesOnWhereTheLastFlushEnded) {
  for (const bool atomic : {true, false}) {
    InMemoryTables tables(atomic);
    auto first = StoredPartition::take_over(tables, orders, hundred);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->state().applied, at(-1));
    const auto rows = flush(*first, at(41));
    ASSERT_TRUE(rows);
    EXPECT_EQ(*rows, 3U) << "two of the levels, and how far it is";
    const auto next = StoredPartition::take_over(tables, orders, hundred);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->state().applied, at(41));
    EXPECT_EQ(next->state().definitions.at("metrics"), "hash");
    EXPECT_EQ(next->begun(), at(41));
  }
}

TEST(StoredPartition, AFlushThatWasInterruptedIsFoundBegunAndItsMostDerivedLevelStored) {
  InMemoryTables tables(false);
  auto partition = StoredPartition::take_over(tables, orders, hundred);
  ASSERT_TRUE(partition);
  tables.fail_after(1, [] { return false; });
  EXPECT_FALSE(flush(*partition, at(41)));
  tables.heal();
  EXPECT_EQ(tables.contents().size(), 1U);
  EXPECT_TRUE(tables.contents().contains(order_row("derived")));
  const auto next = StoredPartition::take_over(tables, orders, hundred);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->state().applied, at(-1));
  EXPECT_EQ(next->begun(), at(41));
}

TEST(StoredPartition, WhereWritesAreAtomicAnInterruptedFlushLeavesNothing) {
  InMemoryTables tables(true);
  auto partition = StoredPartition::take_over(tables, orders, hundred);
  ASSERT_TRUE(partition);
  tables.fail_after(0, [] { return false; });
  EXPECT_FALSE(flush(*partition, at(41)));
  tables.heal();
  EXPECT_TRUE(tables.contents().empty());
  const auto next = StoredPartition::take_over(tables, orders, hundred);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->begun(), at(-1));
}

TEST(StoredPartition, WhoeverTookItOverLastMayFlush) {
  InMemoryTables tables(false);
  auto older = StoredPartition::take_over(tables, orders, hundred);
  ASSERT_TRUE(older);
  auto newer = StoredPartition::take_over(tables, orders, hundred);
  ASSERT_TRUE(newer);
  const auto flushed = flush(*older, at(41));
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, ErrorCode::conflict);
  EXPECT_TRUE(tables.contents().empty());
  EXPECT_TRUE(flush(*newer, at(41)));
}

/// Does `on_read` once, right before an intent is read.
class BeforeTakingOver final : public storage::ForwardingTables {
 public:
  BeforeTakingOver(storage::TableStore& tables, std::function<void()> on_read)
      : ForwardingTables(tables), on_read_(std::move(on_read)) {}
  void get(std::vector<storage::RowKey> keys, GetCallback done) override {
    if (keys.front().table == storage::TableId::flush_intents && on_read_)
      std::exchange(on_read_, nullptr)();
    ForwardingTables::get(std::move(keys), std::move(done));
  }

 private:
  std::function<void()> on_read_;
};

TEST(StoredPartition, IsFoundWhereAFormerOwnerWhoWentOnTillTheLastMomentLeftIt) {
  InMemoryTables tables(false);
  auto former = StoredPartition::take_over(tables, orders, hundred);
  ASSERT_TRUE(former);
  ASSERT_TRUE(flush(*former, at(41)));
  std::int64_t end = 42;
  BeforeTakingOver beside(tables, [&] {
    EXPECT_TRUE(flush(*former, at(71)));
    tables.fail_after(1, [] { return false; });
    EXPECT_FALSE(flush(*former, at(91)));
    tables.heal();
    end = 92;
  });
  const auto heir = StoredPartition::take_over(beside, orders, [&] {
    return Result<streams::LogRange>(streams::LogRange{Epoch(1), Offset(0), Offset(end)});
  });
  ASSERT_TRUE(heir) << heir.error().message;
  EXPECT_EQ(heir->state().applied, at(71)) << "what stands at 71 is not to be repeated";
  EXPECT_EQ(heir->begun(), at(91));
}

TEST(StoredPartition, RefusesALogThatItsTablesWereNotMadeFrom) {
  InMemoryTables tables(true);
  auto partition = StoredPartition::take_over(tables, orders, hundred);
  ASSERT_TRUE(partition);
  ASSERT_TRUE(flush(*partition, at(41)));
  const auto refusal = [&](const streams::LogRange& range) {
    const auto taken = StoredPartition::take_over(tables, orders, holds(range));
    if (taken) return std::string("taken over");
    EXPECT_EQ(taken.error().code, ErrorCode::corrupt);
    return taken.error().message;
  };
  EXPECT_THAT(refusal({Epoch(2), Offset(0), Offset(100)}), HasSubstr("rebuild them"));
  EXPECT_THAT(refusal({Epoch(1), Offset(0), Offset(41)}), HasSubstr("do not belong together"));
  EXPECT_EQ(refusal({Epoch(1), Offset(0), Offset(42)}), "taken over") << "all of it is applied";
  EXPECT_EQ(refusal({Epoch(1), Offset(42), Offset(100)}), "taken over");
  EXPECT_THAT(refusal({Epoch(1), Offset(43), Offset(100)}), HasSubstr("retention removed"));
}

}  // namespace
}  // namespace bytebasket::processors
