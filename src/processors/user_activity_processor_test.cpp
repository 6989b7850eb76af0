#include "processors/user_activity_processor.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "processors/user_activity_fixture.hpp"

namespace bytebasket::processors {
namespace {

using events::EventKind;
using metrics::FactKind;
using testing::day_ms;
using testing::Draft;
using testing::FactLedger;
using testing::facts_after;
using testing::minute;
using testing::noon;
using testing::Replay;
using testing::Rows;
using testing::view;

TEST(UserActivity, CountsAMessageIdOnceHoweverOftenItComes) {
  const auto facts = facts_after({view("a", 0), view("a", 0), view("b", 1), view("a", 0)});
  EXPECT_EQ(facts.count(FactKind::event), 2);
  EXPECT_EQ(facts.count(FactKind::session), 1);
}

TEST(UserActivity, CountsAMessageIdOnceAcrossARestart) {
  Rows rows;
  Replay before(rows);
  before.apply(std::vector{view("a", 0)}, 0);
  before.flush();
  Replay after(rows);
  after.apply(std::vector{view("a", 0), view("b", 1)}, 1);
  after.flush();
  EXPECT_EQ(after.facts().count(FactKind::event), 1);
  EXPECT_EQ(after.facts().count(FactKind::session), 0)
      << "the session is taken back and stated anew";
}

TEST(UserActivity, CountsAMessageIdOnceWhereItsCopiesSayNoTimeAndCameBeforeAndAfterMidnight) {
  const Timestamp midnight = noon + Milliseconds(12 * 60 * minute);
  const Draft before{.id = "a", .received = midnight - Milliseconds(1)};
  const Draft after{.id = "a", .received = midnight};
  EXPECT_EQ(facts_after({before, after}).count(FactKind::event), 1);
  EXPECT_EQ(facts_after({after, before}).count(FactKind::event), 1)
      << "the first to be received is not always the first in the log";
  Rows rows;
  for (std::int64_t offset = 0; offset < 2; ++offset) {
    Replay run(rows);
    run.apply(std::vector{offset == 0 ? after : before}, offset);
    run.flush();
    EXPECT_EQ(run.facts().count(FactKind::event), 1 - offset) << "nor over a restart";
  }
}

TEST(UserActivity, APauseLongerThanTheGapBeginsANewSession) {
  EXPECT_EQ(facts_after({view("a", 0), view("b", 30)}).count(FactKind::session), 1);
  EXPECT_EQ(facts_after({view("a", 0), view("b", 31)}).count(FactKind::session), 2);
}

TEST(UserActivity, ALateEventJoinsTwoSessionsIntoOne) {
  EXPECT_EQ(facts_after({view("a", 0), view("b", 50), view("late", 25)}).count(FactKind::session),
            1);
}

TEST(UserActivity, TheSessionIdOfTheSourceOverrulesTheGap) {
  std::vector<Draft> drafts = {view("a", 0), view("b", 300), view("c", 1)};
  drafts[0].session_id = drafts[1].session_id = "s1";
  drafts[2].session_id = "s2";
  EXPECT_EQ(facts_after(drafts).count(FactKind::session), 2);
}

TEST(UserActivity, AnOrderMarkerConvertsItsSessionAndIsNoEvent) {
  Rows rows;
  Replay run(rows);
  Draft order{.id = "o/marker",
              .time = noon + Milliseconds(minute),
              .kind = EventKind::order_marked,
              .order_id = "o1"};
  run.apply(std::vector{view("a", 0), order}, 0);
  run.flush();
  EXPECT_EQ(run.facts().count(FactKind::event), 1);
  std::vector<Session> sessions;
  for (const auto& [key, value] : rows.values()) {
    const auto decoded = schema::VisitorsKey::decode(key.partition, key.clustering);
    if (decoded->facet == "day") sessions = VisitorDay::decode(value)->sessions;
  }
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].orders.size(), 1U);
  EXPECT_EQ(sessions[0].events, 1);
}

/// The names of a visitor's carts that are not closed, from their rows.
std::vector<std::string> open_carts(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& [key, value] : rows.values()) {
    if (key.table != schema::CartsByActivityKey::table) continue;
    const auto decoded = schema::CartsByActivityKey::decode(key.partition, key.clustering);
    names.emplace_back(decoded->cart);
  }
  return names;
}

TEST(UserActivity, AnOrderThatNamesNoCartClosesTheOneAddedToLast) {
  Rows rows;
  Replay run(rows);
  const auto act = [](std::int64_t minutes, EventKind kind, std::string cart,
                      std::string order = "") {
    return Draft{.id = "m" + std::to_string(minutes),
                 .time = noon + Milliseconds(minutes * minute),
                 .kind = kind,
                 .cart_id = std::move(cart),
                 .order_id = std::move(order)};
  };
  run.apply(
      std::vector{act(0, EventKind::product_added, "c2"), act(1, EventKind::product_added, "c1"),
                  act(2, EventKind::order_marked, "", "o1"), act(3, EventKind::product_added, "c3"),
                  act(4, EventKind::order_marked, "c2", "o2"),
                  act(5, EventKind::product_added, "c4")},
      0);
  run.flush();
  EXPECT_THAT(open_carts(rows), ::testing::UnorderedElementsAre("c3", "c4"));
}

TEST(UserActivity, ASessionOverMidnightIsFoundFromBothDays) {
  const std::int64_t midnight = 12 * 60;
  const std::vector<Draft> drafts = {view("a", midnight - 20), view("b", midnight + 5),
                                     view("c", midnight + 30), view("d", midnight + 55)};
  auto reversed = drafts;
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(facts_after(drafts).count(FactKind::session), 1);
  EXPECT_TRUE(facts_after(drafts) == facts_after(reversed));
}

TEST(UserActivity, ASessionOverSeveralDaysIsExtendedAfterARestart) {
  Rows rows;
  std::vector<Draft> drafts;
  for (int i = 0; i < 150; ++i) drafts.push_back(view("e" + std::to_string(i), i * 29));
  FactLedger facts;
  for (std::size_t i = 0; i < drafts.size(); i += 10) {
    Replay run(rows);
    run.apply(std::span(drafts).subspan(i, 10), static_cast<std::int64_t>(i));
    run.flush();
  }
  int sessions = 0;
  for (const auto& [key, value] : rows.values()) {
    const auto decoded = schema::VisitorsKey::decode(key.partition, key.clustering);
    if (decoded->facet == "day")
      sessions += static_cast<int>(VisitorDay::decode(value)->sessions.size());
  }
  EXPECT_EQ(sessions, 1);
}

/// Random traffic of a few visitors over three days, with orders, carts and duplicates.
std::vector<Draft> random_drafts(std::mt19937_64& random, std::size_t count) {
  const EventKind kinds[] = {EventKind::product_viewed,   EventKind::product_added,
                             EventKind::product_removed,  EventKind::cart_viewed,
                             EventKind::checkout_started, EventKind::order_marked};
  std::vector<Draft> drafts;
  for (std::size_t i = 0; i < count; ++i) {
    Draft draft;
    draft.visitor = "v" + std::to_string(random() % 3);
    draft.id = "m" + std::to_string(i);
    draft.time = noon + Milliseconds(static_cast<std::int64_t>(random() % (3 * 24 * 60)) * minute +
                                     static_cast<std::int64_t>(i));
    draft.kind = kinds[random() % std::size(kinds)];
    if (draft.kind == EventKind::order_marked) draft.order_id = "o" + std::to_string(random() % 20);
    if (random() % 5 == 0) draft.session_id = "s" + std::to_string(random() % 4);
    if (random() % 8 == 0) draft.cart_id = "c" + std::to_string(random() % 3);
    drafts.push_back(draft);
    if (random() % 6 == 0) drafts.push_back(drafts[random() % drafts.size()]);
  }
  return drafts;
}

TEST(UserActivity, TheOrderOfArrivalChangesNothing) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    auto drafts = random_drafts(random, 60);
    const FactLedger expected = facts_after(drafts);
    for (int round = 0; round < 4; ++round) {
      std::shuffle(drafts.begin(), drafts.end(), random);
      ASSERT_TRUE(facts_after(drafts) == expected) << "seed " << seed << " round " << round;
    }
  }
}

TEST(UserActivity, WhereTheLogIsCutIntoFlushesChangesNothing) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    const auto drafts = random_drafts(random, 80);
    Rows whole_rows;
    Replay whole(whole_rows);
    whole.apply(drafts, 0);
    whole.flush();

    Rows rows;
    auto run = std::make_unique<Replay>(rows);
    for (std::size_t i = 0; i < drafts.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 9, drafts.size() - i);
      run->apply(std::span(drafts).subspan(i, size), static_cast<std::int64_t>(i));
      run->flush();
      run->processor().shrink(random() % 2 == 0 ? 0 : 4096);
      i += size;
    }
    ASSERT_TRUE(run->facts() == whole.facts()) << "seed " << seed;
    ASSERT_EQ(rows.values(), whole_rows.values()) << "seed " << seed;
  }
}

/// Stores a random part of an interrupted flush, as a crash leaves it: whole levels from the most
/// derived on, and of the level under way some partitions, each whole.
void store_part(const Levels& levels, Rows& rows, std::mt19937_64& random) {
  const std::size_t whole = random() % (levels.levels.size() + 1);
  for (std::size_t i = 0; i < levels.levels.size() && i <= whole; ++i) {
    std::map<std::string, bool> stored;
    for (const auto& mutation : levels.levels[i]) {
      const auto [found, fresh] =
          stored.try_emplace(mutation.key.partition, i < whole || random() % 2 == 0);
      if (found->second) rows.put(mutation);
    }
  }
}

TEST(UserActivity, AReplayAfterAnInterruptedFlushGivesTheSameRows) {
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    std::mt19937_64 random(seed);
    const auto drafts = random_drafts(random, 60);
    const std::size_t half = drafts.size() / 2;
    Rows expected;
    Replay uninterrupted(expected);
    uninterrupted.apply(std::span(drafts).first(half), 0);
    uninterrupted.flush();
    uninterrupted.apply(std::span(drafts).subspan(half), static_cast<std::int64_t>(half));
    uninterrupted.flush();

    Rows rows;
    Replay first(rows);
    first.apply(std::span(drafts).first(half), 0);
    first.flush();
    first.apply(std::span(drafts).subspan(half), static_cast<std::int64_t>(half));
    store_part(first.drain(), rows, random);
    Replay again(rows);
    again.apply(std::span(drafts).subspan(half), static_cast<std::int64_t>(half));
    again.flush();
    ASSERT_EQ(rows.values(), expected.values()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace bytebasket::processors
