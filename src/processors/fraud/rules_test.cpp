#include "processors/fraud/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/fraud/default_rules.hpp"

namespace bytebasket::processors::fraud {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string head = R"(
amounts:
  small: {EUR: 5}
features:
  - {name: card.attempts, entity: card, aggregate: count, window: 10m}
  - {name: card.spent, entity: card, aggregate: sum, window: 1h}
)";

std::string rule(const std::string& when, const std::string& more = "score: 50, reason: because") {
  return head + "rules:\n  - {name: r, when: \"" + when + "\", " + more + "}\n";
}

Attempt euros(std::int64_t amount) {
  Attempt attempt;
  attempt.time = timestamp_from_ms(1'767'225'600'000);
  attempt.amount = events::Micros(amount * 1'000'000);
  attempt.currency = *events::Currency::parse("EUR");
  attempt.currency_text = "EUR";
  attempt.attributes[static_cast<std::size_t>(Attribute::card)] = "card-1";
  attempt.attributes[static_cast<std::size_t>(Attribute::country)] = "DE";
  attempt.device = "desktop";
  return attempt;
}

Assessment assess(const std::string& document, const Attempt& attempt, int prior = 0) {
  const auto rules = RuleSet::compile(document, "fraud.yml");
  EXPECT_TRUE(rules) << rules.error().message;
  Velocity card;
  for (int i = 0; i < prior; ++i) card.add(remember(attempt), 100);
  return (*rules)->assess(attempt, remember(attempt), {nullptr, &card, nullptr, nullptr});
}

bool applies(const std::string& when, const Attempt& attempt, int prior = 0) {
  return !assess(rule(when), attempt, prior).reasons.empty();
}

std::string errors(const std::string& document) {
  const auto rules = RuleSet::compile(document, "fraud.yml");
  return rules ? "" : rules.error().message;
}

TEST(Rules, BuiltInOnesCompile) {
  const auto rules = RuleSet::compile(default_rules(), "config/fraud.yml");
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_GE((*rules)->rules().size(), 10U);
}

TEST(Rules, ComparisonsJoinByAndOrNotAndBrackets) {
  EXPECT_TRUE(applies("card.attempts >= 2 and amount < small", euros(4), 2));
  EXPECT_FALSE(applies("card.attempts >= 2 and amount < small", euros(4), 1));
  EXPECT_TRUE(applies("not (card.attempts > 0 or amount > small)", euros(4)));
  EXPECT_TRUE(applies("country in ['FR', 'DE'] and device != 'mobile'", euros(4)));
  EXPECT_TRUE(applies("country not in ['FR'] and hour == 0", euros(4)));
}

TEST(Rules, DurationsAreSeconds) {
  EXPECT_TRUE(applies("card.attempts < 1m and card.attempts >= 30s", euros(1), 31));
}

TEST(Rules, WhatIsUnknownMakesNoRuleApply) {
  Attempt attempt = euros(4);
  attempt.device = {};
  EXPECT_FALSE(applies("device == 'desktop'", attempt));
  EXPECT_FALSE(applies("not device == 'desktop'", attempt));
  EXPECT_TRUE(applies("not known(device) and known(country)", attempt));
  EXPECT_TRUE(applies("device == 'desktop' or country == 'DE'", attempt));
}

TEST(Rules, AnAmountNotSaidInTheAttemptsCurrencyMakesNoRuleApply) {
  Attempt attempt = euros(4);
  attempt.currency = *events::Currency::parse("USD");
  EXPECT_FALSE(applies("amount < small", attempt));
  EXPECT_FALSE(applies("not amount < small", attempt));
}

TEST(Rules, PropertiesAreNamedByTheRulesAndBroughtByTheAttempt) {
  const auto rules = RuleSet::compile(rule("property.card_country != country"), "fraud.yml");
  ASSERT_TRUE(rules);
  EXPECT_THAT((*rules)->properties(), ElementsAre("card_country"));
  Attempt attempt = euros(4);
  attempt.properties = {"US"};
  EXPECT_EQ((*rules)->assess(attempt, remember(attempt), {}).reasons.size(), 1U);
  attempt.properties = {""};
  EXPECT_THAT((*rules)->assess(attempt, remember(attempt), {}).reasons, IsEmpty());
}

TEST(Rules, ScoresAddUpBetweenNothingAndAHundred) {
  const std::string two =
      "rules:\n  - {name: a, when: card.attempts >= 0, score: 60, reason: x}\n"
      "  - {name: b, when: card.attempts >= 1, score: 70, reason: y}\n"
      "  - {name: c, when: card.attempts >= 2, score: -100, reason: z}\n";
  EXPECT_EQ(assess(head + two, euros(1)).score, 60);
  EXPECT_EQ(assess(head + two, euros(1)).verdict, Verdict::review);
  EXPECT_EQ(assess(head + two, euros(1), 1).score, 100);
  EXPECT_EQ(assess(head + two, euros(1), 1).verdict, Verdict::decline);
  EXPECT_EQ(assess(head + two, euros(1), 2).score, 30);
  EXPECT_EQ(assess(head + two, euros(1), 2).verdict, Verdict::approve);
}

TEST(Rules, AHardDeclineDeclinesWhateverTheScore) {
  const Assessment judged = assess(rule("amount > small", "decline: true, reason: no"), euros(9));
  EXPECT_EQ(judged.verdict, Verdict::decline);
  EXPECT_EQ(judged.score, 75);
}

TEST(Rules, ReasonsHaveTheirValuesFilledIn) {
  const Assessment judged = assess(rule("card.attempts > 0",
                                        "score: 1, reason: '{card.attempts} payments, "
                                        "{card.spent}, now {amount} from {country} by {email}'"),
                                   euros(4), 3);
  ASSERT_EQ(judged.reasons.size(), 1U);
  EXPECT_EQ(judged.reasons[0].text, "3 payments, 12 EUR, now 4 EUR from DE by unknown");
}

TEST(Rules, ARatioInAReasonIsRoundedAndTheFeatureIsNot) {
  const std::string document =
      "features:\n  - {name: card.ratio, entity: card, aggregate: ratio, window: 1h}\n"
      "rules:\n  - {name: r, when: card.ratio > 0, score: 1, reason: '{card.ratio} times'}\n";
  const auto rules = RuleSet::compile(document, "fraud.yml");
  ASSERT_TRUE(rules) << rules.error().message;
  Velocity card;
  card.add(remember(euros(3)), 100);
  const auto judged = [&](std::int64_t amount) {
    return (*rules)->assess(euros(amount), remember(euros(amount)), {nullptr, &card});
  };
  EXPECT_EQ(judged(4).reasons[0].text, "1.33 times");
  EXPECT_EQ(judged(29).reasons[0].text, "9.67 times");
  EXPECT_EQ(judged(1'331).reasons[0].text, "443.7 times");
  EXPECT_EQ(judged(1'331).readings[0].value, 443'666'666);
}

TEST(Rules, EveryFeatureIsReadWhateverTheRulesUse) {
  const Assessment judged = assess(head, euros(4), 2);
  EXPECT_THAT(judged.readings, ElementsAre(Reading{"card.attempts", 2'000'000, false, false},
                                           Reading{"card.spent", 8'000'000, true, false}));
}

TEST(Rules, VersionIsTheDocumentsHashUnlessOneIsGiven) {
  EXPECT_EQ((*RuleSet::compile(head, "f"))->version().size(), 16U);
  EXPECT_EQ((*RuleSet::compile(head, "f", "v7"))->version(), "v7");
}

TEST(Rules, AllMistakesAreNamedAtOnceWithTheirLines) {
  const std::string message = errors(R"(
decide: {review: 90, decline: 300}
colour: blue
amounts:
  small: {EURO: 5}
features:
  - {name: card.a, entity: cart, aggregate: count, window: 10m}
  - {name: card.b, entity: card, aggregate: median, window: 10m}
  - {name: card.c, entity: card, aggregate: distinct, window: 40d}
rules:
  - {name: r, when: "card.zzz > 1", score: 10, reason: "{nobody}"}
  - {name: r, when: "country > ", score: 1000, reason: "x"}
  - {name: s, when: "amount > 5", reason: "x"}
)");
  EXPECT_THAT(
      message,
      AllOf(
          HasSubstr("fraud.yml:2: decline must be a whole number from 1 to 100"),
          HasSubstr(
              "fraud.yml:3: unknown key 'colour' in the document; allowed are decide, velocity"),
          HasSubstr("fraud.yml:5: amount 'small' needs lines such as `EUR: 5`"),
          HasSubstr(
              "fraud.yml:7: feature 'card.a': unknown entity 'cart'; allowed are customer, card"),
          HasSubstr("fraud.yml:8: feature 'card.b': unknown aggregate 'median'; allowed are count"),
          HasSubstr("fraud.yml:9: feature 'card.c' needs `of`"),
          HasSubstr("fraud.yml:9: feature 'card.c' needs a `window`")));
  EXPECT_THAT(
      message,
      AllOf(
          HasSubstr("fraud.yml:11: rule 'r', when, character 1: unknown name 'card.zzz'"),
          HasSubstr("fraud.yml:11: rule 'r', reason, unknown name 'nobody'"),
          HasSubstr("fraud.yml:12: rule 'r' is declared twice"),
          HasSubstr("fraud.yml:12: rule 'r', when, character 11: the end stands where a name"),
          HasSubstr("fraud.yml:12: score must be a whole number from -100 to 100"),
          HasSubstr(
              "fraud.yml:13: rule 's', when, character 10: money cannot be compared with a number"),
          HasSubstr("fraud.yml:13: rule 's' needs a `score`")));
}

TEST(Rules, BrokenYamlAndDeepNestingAreRefused) {
  EXPECT_THAT(errors("rules: ["), HasSubstr("fraud.yml:1"));
  EXPECT_THAT(errors("- a\n- b"), HasSubstr("must be a map"));
  EXPECT_THAT(errors(rule(std::string(100, '(') + "hour > 1" + std::string(100, ')'))),
              HasSubstr("nested deeper"));
}

}  // namespace
}  // namespace bytebasket::processors::fraud
