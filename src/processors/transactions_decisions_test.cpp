// What the transactions processor decides of payments and orders, and what labels change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/transactions.hpp"
#include "processors/transactions_fixture.hpp"

namespace bytebasket::processors {
namespace {

using schema::TableId;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::Transactions;

constexpr const char* declines_labelled_cards = R"(
features: [{name: card.labelled, entity: card, aggregate: labelled_fraud}]
rules: [{name: known, when: card.labelled >= 1, decline: true, reason: x}]
)";

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
  for (const nlohmann::json& alert : rows(TableId::alerts_by_state))
    states.push_back(alert["state"]);
  EXPECT_THAT(states, ElementsAre("confirmed", "open"));
}

TEST_F(Transactions, ALabelThatComesFirstCountsForTheAttemptsThatFollow) {
  use_rules(declines_labelled_cards);
  labelled("o1", "m1", 100, "fraud");
  payment("o1", "m2", 0, "card-1");
  payment("o2", "m3", 102, "card-1");
  run();
  EXPECT_EQ(rows(TableId::decisions)[0]["decision"], "approve");
  EXPECT_EQ(rows(TableId::decisions)[1]["decision"], "decline");
}

TEST_F(Transactions, ALabelTakenBackNoLongerCounts) {
  use_rules(declines_labelled_cards);
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
  const nlohmann::json decision = rows(TableId::decisions)[0];
  EXPECT_EQ(decision["features"]["card.attempts_10m"], 0);
  EXPECT_EQ(decision["features"]["card.amount_24h"], "0.000000");
  EXPECT_TRUE(decision["features"]["customer.amount_ratio"].is_null());
  EXPECT_EQ(decision["position"]["offset"], 0);
  EXPECT_EQ(decision["rules"].get<std::string>().size(), 16U);
  EXPECT_EQ(decision["amount"], "20.000000");
}

}  // namespace
}  // namespace bytebasket::processors
