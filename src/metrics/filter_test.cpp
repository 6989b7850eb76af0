#include "metrics/filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bytebasket::metrics {
namespace {

using events::EventKind;
using testing::HasSubstr;

Fact line() {
  Fact fact;
  fact.kind = FactKind::line;
  fact.event_kind = EventKind::product_added;
  fact.set(Dimension::event, "Product Added");
  fact.set(Dimension::source, "web");
  fact.set(Dimension::category, "shoes");
  fact.set(Field::price, 25'100'000);
  fact.set(Field::quantity, 2);
  return fact;
}

bool matches(std::string_view text, const Fact& fact = line()) {
  const auto filter = Filter::parse(text);
  EXPECT_TRUE(filter) << filter.error().message;
  PropertyReader properties;
  return filter && filter->matches(fact, properties);
}

TEST(Filter, ComparesTextsNumbersAndMoney) {
  EXPECT_TRUE(matches("source = web"));
  EXPECT_TRUE(matches("source != 'mobile'"));
  EXPECT_TRUE(matches("source in [mobile, \"web\"]"));
  EXPECT_FALSE(matches("source not in [mobile, web]"));
  EXPECT_TRUE(matches("price = 25.10"));
  EXPECT_TRUE(matches("price > 25 and price <= 25.1 and quantity >= 2 and quantity < 3"));
  EXPECT_TRUE(matches("quantity in [1, 2]"));
}

TEST(Filter, KnowsAliasesAndCasesOfEvents) {
  EXPECT_TRUE(matches("event = \"Product Added\""));
  EXPECT_TRUE(matches("event = \"added product\""));
  EXPECT_FALSE(matches("event = \"Product Viewed\""));
  EXPECT_TRUE(matches("stream = user-activity"));
}

TEST(Filter, BindsNotBeforeAndBeforeOr) {
  EXPECT_TRUE(matches("source = web or source = mobile and quantity = 9"));
  EXPECT_FALSE(matches("(source = web or source = mobile) and quantity = 9"));
  EXPECT_TRUE(matches("not source = mobile and quantity = 2"));
  EXPECT_FALSE(matches("not (source = mobile or quantity = 2)"));
}

TEST(Filter, WhatIsMissingEqualsNothing) {
  EXPECT_FALSE(matches("revenue = 0"));
  EXPECT_FALSE(matches("revenue < 1"));
  EXPECT_TRUE(matches("revenue != 0"));
  EXPECT_FALSE(matches("properties.gift = true"));
  EXPECT_TRUE(matches("properties.gift != true"));
}

TEST(Filter, TellsWhichEventKindsCanMatch) {
  const auto views = Filter::parse("event in [\"Product Viewed\", \"Product Added\"]");
  EXPECT_EQ(views->event_kinds().count(), 2U);
  EXPECT_TRUE(views->decided_by_event_kind());
  const auto web = Filter::parse("event = \"Product Viewed\" and source = web");
  EXPECT_EQ(web->event_kinds().count(), 1U);
  EXPECT_FALSE(web->decided_by_event_kind());
  const auto others = Filter::parse("not event = \"Product Viewed\"");
  EXPECT_EQ(others->event_kinds().count(), schema::event_kind_count - 1);
  const auto own = Filter::parse("not event = \"Gift Wrapped\"");
  EXPECT_TRUE(own->event_kinds().all());
  EXPECT_FALSE(own->decided_by_event_kind());
}

TEST(Filter, HasOneSpellingForEqualExpressions) {
  EXPECT_EQ(
      Filter::parse("event='viewed product'and source  in[web,mobile]")->text(),
      Filter::parse("(event = \"Product Viewed\") and (source in ['web', \"mobile\"])")->text());
  EXPECT_NE(Filter::parse("source = web")->text(), Filter::parse("source = mobile")->text());
}

TEST(Filter, SaysWhatItExpectedWhere) {
  const auto message = [](std::string_view text) { return Filter::parse(text).error().message; };
  EXPECT_THAT(message("colour = red"), HasSubstr("expected a dimension, a field (revenue"));
  EXPECT_THAT(message("source = "), HasSubstr("expected a text or a number at the end"));
  EXPECT_THAT(message("source web"), HasSubstr("expected one of = != < <= > >= in at 'web'"));
  EXPECT_THAT(message("source < 3"), HasSubstr("'source' is a text"));
  EXPECT_THAT(message("quantity = many"), HasSubstr("a number that fits 'quantity'"));
  EXPECT_THAT(message("source = 'web"), HasSubstr("the closing '"));
  EXPECT_THAT(message("source = web quantity = 2"), HasSubstr("'and', 'or' or the end"));
  EXPECT_THAT(message("(source = web"), HasSubstr("expected ')'"));
  EXPECT_THAT(message("stream = orders"), HasSubstr("user-activity or transactions"));
  EXPECT_THAT(message(std::string(1000, '(')), HasSubstr("levels of nesting"));
}

}  // namespace
}  // namespace bytebasket::metrics
