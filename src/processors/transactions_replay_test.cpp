// Any events, any batches, any interrupted flush: after the replay the rows are, byte for byte,
// those of a run that nothing disturbed.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "processors/transactions_fixture.hpp"

namespace bytebasket::processors {
namespace {

using events::EventKind;
using testing::Ledger;
using testing::Log;
using testing::MapStore;

/// Draws numbers from a seed, the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::size_t below(std::size_t bound) { return engine_() % bound; }
  std::string name(std::string_view prefix, std::size_t bound) {
    return std::string(prefix) + std::to_string(below(bound));
  }
  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::mt19937 engine_;
};

void fill_amounts(Log& log, events::Event& event, Dice& dice) {
  if (dice.below(8) == 0) event.currency = *events::Currency::parse("USD");
  if (dice.below(4) != 0)
    event.revenue = events::Micros(static_cast<std::int64_t>(dice.below(90)) * 1'000'000);
  std::vector<events::Line> lines(dice.below(3));
  for (events::Line& line : lines) {
    line.product_id = log.keep(dice.name("p", 3));
    line.category = "things";
    if (dice.below(4) != 0)
      line.price = events::Micros(static_cast<std::int64_t>(1 + dice.below(20)) * 500'000);
    line.quantity = static_cast<std::int64_t>(1 + dice.below(3));
  }
  event.lines = log.keep(std::move(lines));
}

/// A transaction among few orders, customers, cards and message ids, so that all of them meet.
void add_transaction(Log& log, Dice& dice) {
  constexpr std::array kinds = {
      EventKind::order_completed,   EventKind::order_completed, EventKind::order_updated,
      EventKind::order_refunded,    EventKind::order_cancelled, EventKind::payment_attempted,
      EventKind::payment_attempted, EventKind::fraud_labelled,  EventKind::unknown};
  // What an id stands for follows from the id: a copy has the same body.
  const std::size_t id = dice.below(120);
  Dice body(static_cast<std::uint32_t>(id * 7919 + 13));
  events::Event& event = log.add(kinds[body.below(kinds.size())], "m" + std::to_string(id),
                                 static_cast<std::int64_t>(body.below(3 * 1440)));
  event.has_original_time = body.below(3) != 0;
  log.last().received_at = Log::start() + std::chrono::minutes(log.events().size() * 9);
  if (body.below(8) != 0) event.order_id = log.keep(body.name("o", 8));
  if (body.below(6) != 0) event.user_id = log.keep(body.name("u", 3));
  if (body.below(4) != 0) event.card = log.keep(body.name("c", 3));
  if (body.below(4) != 0) event.device_id = log.keep(body.name("d", 2));
  if (body.below(4) != 0) event.ip = log.keep(body.name("i", 2));
  event.country = body.below(2) == 0 ? "DE" : "NG";
  if (event.kind == EventKind::fraud_labelled)
    event.label = body.below(2) == 0 ? "fraud" : "legitimate";
  fill_amounts(log, event, body);
}

Position position_of(const Log& log, std::size_t end) {
  return end == 0 ? Position{Epoch(1), Offset(-1)} : log.events()[end - 1].position;
}

/// Applies [from, until) in batches of some size and flushes at `until`.
Levels apply_range(TransactionsProcessor& processor, const MapStore& store, const Log& log,
                   std::size_t from, std::size_t until, Dice& dice, metrics::FactSink& facts) {
  const auto all = std::span(log.events());
  while (from < until) {
    const std::size_t size = std::min(until - from, 1 + dice.below(20));
    testing::apply_batch(processor, store, all.subspan(from, size), facts);
    from += size;
  }
  return processor.drain(position_of(log, until));
}

/// Stores the first `whole` levels and part of the next, as a crash in the middle of a flush leaves
/// them.
void store_part(MapStore& store, Levels levels, std::size_t whole, Dice& dice) {
  for (std::size_t level = 0; level < levels.levels.size() && level <= whole; ++level) {
    auto& rows = levels.levels[level];
    dice.shuffle(rows);
    const std::size_t stored = level < whole ? rows.size() : dice.below(rows.size() + 1);
    for (std::size_t i = 0; i < stored; ++i) store.put(rows[i]);
  }
}

bool same(const MapStore::Rows& a, const MapStore::Rows& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& left, const auto& right) {
                      return left.first == right.first && left.second.value == right.second.value &&
                             left.second.position == right.second.position;
                    });
}

RC_GTEST_PROP(TransactionsReplay, AnInterruptedFlushLeavesNoTrace, (std::uint32_t seed)) {
  Dice dice(seed);
  Log log;
  const std::size_t count = 20 + dice.below(150);
  for (std::size_t i = 0; i < count; ++i) add_transaction(log, dice);
  const std::size_t a = dice.below(count);
  const std::size_t b = a + 1 + dice.below(count - a);

  MapStore undisturbed;
  TransactionsProcessor steady({});
  Ledger steady_before, steady_facts, steady_after;
  testing::store_all(undisturbed, apply_range(steady, undisturbed, log, 0, a, dice, steady_before));
  MapStore disturbed = undisturbed;
  testing::store_all(undisturbed, apply_range(steady, undisturbed, log, a, b, dice, steady_facts));
  MapStore at_b = undisturbed;
  testing::store_all(undisturbed,
                     apply_range(steady, undisturbed, log, b, count, dice, steady_after));

  std::size_t crashes = 1 + dice.below(3);
  for (; crashes > 0; --crashes) {
    TransactionsProcessor dying({});
    Ledger lost;
    store_part(disturbed, apply_range(dying, disturbed, log, a, b, dice, lost), dice.below(5),
               dice);
  }
  TransactionsProcessor heir({});
  Ledger ignored, after;
  testing::store_all(disturbed, apply_range(heir, disturbed, log, a, b, dice, ignored));
  RC_ASSERT(same(disturbed.rows(), at_b.rows()));
  heir.shrink(dice.below(2) == 0 ? 0 : heir.memory() / 2);
  testing::store_all(disturbed, apply_range(heir, disturbed, log, b, count, dice, after));
  RC_ASSERT(same(disturbed.rows(), undisturbed.rows()));
  RC_ASSERT(after.sums() == steady_after.sums());
}

RC_GTEST_PROP(TransactionsReplay, FactsComeAgainWhereNoRowWasStored, (std::uint32_t seed)) {
  Dice dice(seed);
  Log log;
  for (std::size_t i = 0; i < 100; ++i) add_transaction(log, dice);
  MapStore store;
  TransactionsProcessor first({});
  Ledger before, lost, again;
  testing::store_all(store, apply_range(first, store, log, 0, 50, dice, before));
  apply_range(first, store, log, 50, 100, dice, lost);
  TransactionsProcessor second({});
  apply_range(second, store, log, 50, 100, dice, again);
  RC_ASSERT(lost.sums() == again.sums());
}

RC_GTEST_PROP(TransactionsReplay, WhatOrdersContributeDoesNotDependOnTheOrderOfArrival,
              (std::uint32_t seed)) {
  Dice dice(seed);
  std::vector<std::uint32_t> seeds(40);
  for (std::uint32_t& each : seeds) each = static_cast<std::uint32_t>(dice.below(1'000'000));
  std::vector<std::map<Ledger::Key, std::int64_t>> outcomes;
  for (int turn = 0; turn < 2; ++turn) {
    Log log;
    for (const std::uint32_t each : seeds) {
      Dice same_dice(each);
      add_transaction(log, same_dice);
      log.last().received_at = Log::start();
    }
    MapStore store;
    TransactionsProcessor processor({});
    Ledger facts;
    apply_range(processor, store, log, 0, seeds.size(), dice, facts);
    outcomes.push_back(facts.sums());
    dice.shuffle(seeds);
  }
  RC_ASSERT(outcomes[0] == outcomes[1]);
}

RC_GTEST_PROP(TransactionsReplay, EveryStoredRowIsReadAsItWasWritten, (std::uint32_t seed)) {
  Dice dice(seed);
  Log log;
  for (std::size_t i = 0; i < 100; ++i) add_transaction(log, dice);
  MapStore store;
  TransactionsProcessor processor({});
  Ledger facts;
  testing::store_all(store, apply_range(processor, store, log, 0, 100, dice, facts));
  for (const auto& [key, row] : store.rows()) {
    if (key.table == schema::TableId::orders) {
      const auto id = schema::OrdersKey::decode(key.partition, key.clustering)->order_id;
      RC_ASSERT(OrderState::decode(row.value)->encode(id) == row.value);
    }
    if (key.table == schema::TableId::decisions) {
      const auto id = schema::DecisionsKey::decode(key.partition, key.clustering)->transaction_id;
      RC_ASSERT(fraud::FraudCase::decode(row.value)->encode(id) == row.value);
    }
  }
}

}  // namespace
}  // namespace bytebasket::processors
