#include "processors/transactions.hpp"

#include <cstdint>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/transactions_fixture.hpp"

namespace bytebasket::processors {
namespace {

using events::EventKind;
using events::Micros;
using metrics::FactKind;
using schema::TableId;
using testing::euro;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::Transactions;

TEST_F(Transactions, AMessageIdCountsOnceHoweverLateItsCopyArrives) {
  order("o1", "m1", 0, 13);
  run();
  order("o1", "m1", 0, 13);
  processor_.shrink(0);
  const auto before = store_.rows();
  run();
  EXPECT_EQ(facts_.count(FactKind::event), 1);
  EXPECT_EQ(facts_.money(FactKind::order), 13 * euro);
  EXPECT_EQ(store_.rows().size(), before.size());
}

TEST_F(Transactions, CopiesWithoutOriginalTimeAreKnownAcrossMidnight) {
  for (const std::int64_t received : {1439, 1440 + 5}) {
    order("o1", "m1", 0, 13).has_original_time = false;
    log_.last().received_at = testing::Log::start() + std::chrono::minutes(received);
    run();
  }
  EXPECT_EQ(facts_.count(FactKind::event), 1);
}

TEST_F(Transactions, TheSameOrderUnderTwoMessageIdsIsOneOrder) {
  order("TtlZ3b", "a64a", 0, 13);
  order("TtlZ3b", "b64a", 1, 13);
  run();
  EXPECT_EQ(facts_.count(FactKind::event), 2);
  EXPECT_EQ(facts_.count(FactKind::order), 1);
  EXPECT_EQ(facts_.money(FactKind::order), 13 * euro);
  EXPECT_THAT(rows(TableId::transactions_by_time), SizeIs(1));
}

TEST_F(Transactions, AnUpdateRestatesTheOrderAtItsOwnTime) {
  order("o1", "m1", 0, 20);
  run();
  order("o1", "m2", 60, 25, EventKind::order_updated);
  run();
  EXPECT_EQ(facts_.money(FactKind::order), 25 * euro);
  EXPECT_EQ(std::get<1>(facts_.sums().begin()->first), to_ms(testing::Log::start()));
}

TEST_F(Transactions, AnUpdateWithoutLinesKeepsTheBasket) {
  const events::Line shoe{.product_id = "shoe", .price = Micros(10 * euro), .quantity = 2};
  order("o1", "m1", 0, 20).lines = log_.keep({shoe});
  order("o1", "m2", 60, 18, EventKind::order_updated);
  run();
  EXPECT_EQ(facts_.money(FactKind::order), 18 * euro);
  EXPECT_EQ(facts_.money(FactKind::order_line), 20 * euro);
}

TEST_F(Transactions, ACancellationGivesBackThePiecesThatRefundsLeft) {
  const events::Line shoe{.product_id = "shoe", .price = Micros(10 * euro), .quantity = 3};
  const events::Line sock{.product_id = "sock", .price = Micros(2 * euro), .quantity = 1};
  const events::Line returned{.product_id = "shoe", .quantity = 1};
  order("o1", "m1", 0, 32).lines = log_.keep({shoe, sock});
  order("o1", "m2", 60, 10, EventKind::order_refunded).lines = log_.keep({returned});
  order("o1", "m3", 90, 32, EventKind::order_cancelled);
  run();
  EXPECT_EQ(facts_.money(FactKind::refund_line), 32 * euro);
  EXPECT_EQ(facts_.count(FactKind::refund_line), 3);
}

TEST_F(Transactions, ACancellationGivesBackWhatRefundsLeft) {
  order("o1", "m1", 0, 20);
  order("o1", "m2", 60, 5, EventKind::order_refunded);
  order("o1", "m3", 90, 20, EventKind::order_cancelled);
  run();
  EXPECT_EQ(facts_.money(FactKind::refund), 20 * euro);
  EXPECT_EQ(facts_.count(FactKind::refund), 2);
  EXPECT_EQ(rows(TableId::transactions_by_time)[0]["status"], "cancelled");
}

TEST_F(Transactions, ARefundWithoutAmountTakesItsLinesElseEverythingLeft) {
  const events::Line shoe{.product_id = "shoe", .price = Micros(8 * euro), .quantity = 2};
  const events::Line back{.product_id = "shoe", .quantity = 1};
  order("o1", "m1", 0, 20).lines = log_.keep({shoe});
  events::Event& some = order("o1", "m2", 60, 0, EventKind::order_refunded);
  some.revenue.reset();
  some.lines = log_.keep({back});
  run();
  EXPECT_EQ(facts_.money(FactKind::refund), 8 * euro);
  EXPECT_EQ(facts_.money(FactKind::refund_line), 8 * euro);
  EXPECT_EQ(rows(TableId::transactions_by_time)[0]["status"], "partially_refunded");
  order("o1", "m3", 70, 0, EventKind::order_refunded).revenue.reset();
  run();
  EXPECT_EQ(facts_.money(FactKind::refund), 20 * euro);
  EXPECT_EQ(rows(TableId::transactions_by_time)[0]["status"], "refunded");
}

TEST_F(Transactions, NoMoreIsGivenBackThanTheOrderBrought) {
  order("o1", "m1", 0, 20);
  order("o1", "m2", 60, 25, EventKind::order_refunded);
  run();
  EXPECT_EQ(facts_.money(FactKind::refund), 20 * euro);
}

TEST_F(Transactions, ARefundOfTheLeastAmountThereIsGivesBackTheOrder) {
  order("o1", "m1", 0, 13);
  events::Event& refund = order("o1", "m2", 1, 0, EventKind::order_refunded);
  refund.revenue.reset();
  refund.total = Micros(-INT64_MAX);
  refund.shipping = Micros(1);
  run();
  EXPECT_EQ(facts_.money(FactKind::refund), 13 * euro);
}

TEST_F(Transactions, ARefundOfAnUnknownOrderStandsOnItsOwnAndIsPositive) {
  const events::Line mug{.product_id = "mug", .price = Micros(3 * euro), .quantity = -4};
  events::Event& credit = order("C536", "m1", 60, 0, EventKind::order_refunded);
  credit.revenue.reset();
  credit.lines = log_.keep({mug});
  run();
  EXPECT_EQ(facts_.money(FactKind::refund), 12 * euro);
  EXPECT_EQ(facts_.count(FactKind::order), 0);
  EXPECT_THAT(rows(TableId::transactions_by_time), IsEmpty());
}

TEST_F(Transactions, RefundsBeyondTheLimitStandOnTheirOwn) {
  order("o1", "m", 0, 1000);
  for (std::size_t i = 0; i < OrderState::kept_refunds + 3; ++i) {
    order("o1", "r" + std::to_string(i), 10, 1, EventKind::order_refunded);
  }
  run();
  EXPECT_EQ(facts_.count(FactKind::refund),
            static_cast<std::int64_t>(OrderState::kept_refunds + 3));
  EXPECT_EQ(rows(TableId::orders)[0]["refunds"].size(), OrderState::kept_refunds);
}

TEST_F(Transactions, WhenAnOrdersTimeChangesItsOldRowsAreEmptied) {
  order("o1", "m2", 3000, 20);
  run();
  order("o1", "m1", 10, 20);
  run();
  EXPECT_THAT(rows(TableId::transactions_by_time), SizeIs(1));
  EXPECT_THAT(rows(TableId::transactions_by_customer), SizeIs(1));
  EXPECT_EQ(rows(TableId::transactions_by_time)[0]["time"], "2026-01-01T00:10:00.000Z");
}

TEST_F(Transactions, ListsAndDecisionsGoAfterTheirRetention) {
  TransactionsProcessor brief({.retention = std::chrono::days(10), .on_decision = {}});
  order("o1", "m1", 0, 20);
  testing::apply_batch(brief, store_, log_.events(), facts_);
  for (const auto& level : brief.drain(log_.events().back().position).levels) {
    for (const storage::Mutation& row : level) {
      const bool kept = row.key.table == TableId::orders || row.key.table == TableId::message_ids ||
                        row.key.table == TableId::velocity;
      EXPECT_EQ(row.expires_at.has_value(), !kept);
    }
  }
}

TEST_F(Transactions, MemoryShrinksToNothingOnceStored) {
  order("o1", "m1", 0, 20);
  run();
  EXPECT_GT(processor_.memory(), 0U);
  processor_.shrink(0);
  EXPECT_EQ(processor_.memory(), 0U);
}

TEST_F(Transactions, CorruptRowsAreNamed) {
  schema::OrdersKey key;
  key.order_id = "o1";
  key.facet = "state";
  const storage::RowKey row = storage::RowKey::of(key);
  const auto status =
      processor_.loaded(row, storage::StoredRow{row.clustering, "{\"order_id\":", Position()});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace bytebasket::processors
