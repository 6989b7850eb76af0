#include "processors/transactions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "processors/definitions.hpp"
#include "processors/transactions_fixture.hpp"

namespace bytebasket::processors {
namespace {

using events::EventKind;
using events::Micros;
using metrics::FactKind;
using schema::TableId;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

constexpr std::int64_t euro = 1'000'000;

/// A processor with its store and what it says.
class Transactions : public ::testing::Test {
 protected:
  events::Event& order(std::string_view id, std::string_view message, std::int64_t minute,
                       std::int64_t euros, EventKind kind = EventKind::order_completed) {
    events::Event& event = log_.add(kind, message, minute);
    event.order_id = log_.keep(id);
    event.user_id = "ann";
    event.revenue = Micros(euros * euro);
    event.country = "DE";
    return event;
  }

  events::Event& payment(std::string_view id, std::string_view message, std::int64_t minute,
                         std::string_view card, std::int64_t euros = 20) {
    events::Event& event = log_.add(EventKind::payment_attempted, message, minute);
    event.order_id = log_.keep(id);
    event.user_id = "ann";
    event.card = log_.keep(card);
    event.value = Micros(euros * euro);
    return event;
  }

  events::Event& labelled(std::string_view id, std::string_view message, std::int64_t minute,
                          std::string_view label) {
    events::Event& event = log_.add(EventKind::fraud_labelled, message, minute);
    event.order_id = log_.keep(id);
    event.label = label;
    return event;
  }

  /// Applies what was added since the last call, and stores it.
  void run() {
    const auto all = std::span(log_.events());
    testing::apply_batch(processor_, store_, all.subspan(done_), facts_);
    done_ = all.size();
    testing::store_all(store_, processor_.drain(all.back().position));
  }

  std::vector<Json> rows(TableId table) {
    std::vector<Json> rows;
    for (const std::string& value : store_.values(table)) rows.push_back(Json::parse(value));
    return rows;
  }

  void use_rules(const std::string& text) {
    const auto status =
        processor_.control(to_control_record(DefinitionDocument::of("fraud", text)), Position());
    ASSERT_TRUE(status) << status.error().message;
  }

  std::vector<std::string> answers_;
  testing::Log log_;
  testing::MapStore store_;
  testing::Ledger facts_;
  TransactionsProcessor processor_{
      {.retention = Milliseconds::max(), .on_decision = [this](const DecisionAnswer& answer) {
         answers_.push_back(std::string(answer.message_id) + " " + std::string(answer.json));
       }}};
  std::size_t done_ = 0;
};

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

TEST_F(Transactions, AnOrderAfterItsPaymentKeepsThePaymentsDecision) {
  payment("o1", "m1", 0, "card-1");
  order("o1", "m2", 1, 20).card = "card-1";
  run();
  const auto decisions = rows(TableId::decisions);
  ASSERT_THAT(decisions, SizeIs(1));
  EXPECT_EQ(decisions[0]["message_id"], "m1");
  EXPECT_EQ(decisions[0]["attempt_count"], 1);
  EXPECT_THAT(answers_, ElementsAre(HasSubstr("m1 {\"transaction_id\":\"o1\"")));
}

TEST_F(Transactions, AnOrderWithoutAPaymentIsJudgedItselfAndOnce) {
  order("o1", "m1", 0, 20);
  order("o1", "m2", 1, 20);
  run();
  ASSERT_THAT(rows(TableId::decisions), SizeIs(1));
  EXPECT_EQ(rows(TableId::decisions)[0]["attempt_count"], 1);
}

TEST_F(Transactions, AttemptsSeeThoseBeforeThemInTheLog) {
  use_rules(R"(
features: [{name: card.n, entity: card, aggregate: count, window: 10m}]
rules: [{name: many, when: card.n >= 2, score: 80, reason: "{card.n} before"}]
)");
  for (const std::string_view message : {"m1", "m2", "m3"}) payment(message, message, 0, "card-1");
  run();
  EXPECT_THAT(answers_, ElementsAre(HasSubstr(R"("decision":"approve")"),
                                    HasSubstr(R"("decision":"approve")"),
                                    HasSubstr(R"("reason":"2 before")")));
  const auto alerts = rows(TableId::alerts_by_state);
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0]["state"], "open");
  EXPECT_EQ(alerts[0]["transaction_id"], "m3");
}

TEST_F(Transactions, ADuplicateAttemptIsAnsweredAgainWithoutBeingJudgedAgain) {
  payment("o1", "m1", 0, "card-1");
  payment("o1", "m1", 0, "card-1");
  run();
  ASSERT_THAT(answers_, SizeIs(2));
  EXPECT_EQ(answers_[0], answers_[1]);
}

TEST_F(Transactions, TheMostSevereOfSeveralAttemptsIsTheDecision) {
  use_rules("rules: [{name: odd, when: \"card == 'bad'\", score: 80, reason: x}]");
  payment("o1", "m1", 0, "bad");
  payment("o1", "m2", 1, "good");
  run();
  const auto decisions = rows(TableId::decisions);
  EXPECT_EQ(decisions[0]["decision"], "decline");
  EXPECT_EQ(decisions[0]["attempts"].size(), 2U);
  EXPECT_THAT(rows(TableId::alerts_by_state), SizeIs(1));
}

TEST_F(Transactions, LabelsMoveAlertsAndCountForTheCardFromTheirOffsetOn) {
  use_rules(R"(
features: [{name: card.labelled, entity: card, aggregate: labelled_fraud}]
rules:
  - {name: odd, when: "card == 'bad' and card.labelled == 0", score: 50, reason: x}
  - {name: known, when: card.labelled >= 1, decline: true, reason: "{card.labelled} labelled"}
)");
  payment("o1", "m1", 0, "bad");
  run();
  labelled("o1", "m2", 100, "fraud");
  payment("o2", "m3", 101, "bad");
  run();
  EXPECT_THAT(answers_, ElementsAre(HasSubstr(R"("decision":"review")"),
                                    HasSubstr(R"("reason":"1 labelled")")));
  EXPECT_EQ(rows(TableId::decisions)[0]["label"]["label"], "fraud");
  std::vector<std::string> states;
  for (const Json& alert : rows(TableId::alerts_by_state)) states.push_back(alert["state"]);
  EXPECT_THAT(states, ElementsAre("confirmed", "open"));
}

TEST_F(Transactions, ALabelThatComesFirstCountsForTheAttemptsThatFollow) {
  use_rules(R"(
features: [{name: card.labelled, entity: card, aggregate: labelled_fraud}]
rules: [{name: known, when: card.labelled >= 1, decline: true, reason: x}]
)");
  labelled("o1", "m1", 100, "fraud");
  payment("o1", "m2", 0, "card-1");
  payment("o2", "m3", 102, "card-1");
  run();
  EXPECT_EQ(rows(TableId::decisions)[0]["decision"], "approve");
  EXPECT_EQ(rows(TableId::decisions)[1]["decision"], "decline");
}

TEST_F(Transactions, ALabelTakenBackNoLongerCounts) {
  use_rules(R"(
features: [{name: card.labelled, entity: card, aggregate: labelled_fraud}]
rules: [{name: known, when: card.labelled >= 1, decline: true, reason: x}]
)");
  payment("o1", "m1", 0, "card-1");
  labelled("o1", "m2", 100, "charged_back");
  labelled("o1", "m3", 101, "legitimate");
  labelled("o1", "m4", 99, "fraud");
  payment("o2", "m5", 102, "card-1");
  run();
  EXPECT_EQ(rows(TableId::decisions)[0]["label"]["label"], "legitimate");
  EXPECT_EQ(rows(TableId::decisions)[1]["decision"], "approve");
}

TEST_F(Transactions, BrokenRulesAreRefusedAndTheOldOnesGoOnActing) {
  use_rules("rules: [{name: all, when: \"known(card)\", score: 50, reason: x}]");
  const auto status =
      processor_.control(to_control_record(DefinitionDocument::of(
                             "fraud", "rules: [{name: x, when: zzz > 1, score: 1, reason: x}]")),
                         Position());
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("fraud.yml:1: rule 'x'"));
  EXPECT_TRUE(
      processor_.control(to_control_record(DefinitionDocument::of("metrics", "a: b")), Position()));
  payment("o1", "m1", 0, "card-1");
  run();
  EXPECT_EQ(rows(TableId::decisions)[0]["decision"], "review");
}

TEST_F(Transactions, ADecisionKeepsEverythingItWasMadeFrom) {
  events::Event& event = payment("o1", "m1", 0, "card-1");
  event.device_id = "d1";
  event.ip = "10.0.0.1";
  run();
  const Json decision = rows(TableId::decisions)[0];
  EXPECT_EQ(decision["features"]["card.attempts_10m"], 0);
  EXPECT_EQ(decision["features"]["card.amount_24h"], "0.000000");
  EXPECT_TRUE(decision["features"]["customer.amount_ratio"].is_null());
  EXPECT_EQ(decision["position"]["offset"], 0);
  EXPECT_EQ(decision["rules"].get<std::string>().size(), 16U);
  EXPECT_EQ(decision["amount"], "20.000000");
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
  const storage::RowKey row{TableId::orders, key.partition_key(), key.clustering_key()};
  const auto status =
      processor_.loaded(row, storage::StoredRow{row.clustering, "{\"order_id\":", Position()});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace bytebasket::processors
