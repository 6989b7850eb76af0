#include "processors/visitor_carts.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bytebasket::processors {
namespace {

using events::Event;
using events::EventKind;

const Timestamp noon = timestamp_from_ms(1'767'268'800'000);

Timestamp minutes(std::int64_t after_noon) { return noon + Milliseconds(after_noon * 60'000); }

Event added(Timestamp time, std::string_view cart_id = "") {
  static const events::Line two_pieces{.quantity = 2};
  Event event;
  event.kind = EventKind::product_added;
  event.time = time;
  event.cart_id = cart_id;
  event.country = "DE";
  event.lines = {&two_pieces, 1};
  return event;
}

Event ordered(Timestamp time, std::string_view order_id, std::string_view cart_id = "") {
  Event event;
  event.kind = EventKind::order_marked;
  event.time = time;
  event.order_id = order_id;
  event.cart_id = cart_id;
  return event;
}

VisitorCarts carts_of(const std::vector<Event>& events) {
  VisitorCarts carts;
  for (const Event& event : events) carts.apply(event, event.time);
  return carts;
}

std::string encoded(const VisitorCarts& carts) {
  std::string bytes;
  ByteWriter out(bytes);
  carts.encode(out);
  return bytes;
}

/// Name, number of adds, and whether an order closed it.
using Said = std::tuple<std::string, std::int64_t, bool>;

std::vector<Said> said_by(const VisitorCarts& carts) {
  std::vector<Said> said;
  for (const CartSummary& cart : carts.summaries())
    said.emplace_back(cart.name, cart.adds, cart.converted);
  return said;
}

std::string name_at(Timestamp time) { return std::to_string(to_ms(time)); }

TEST(VisitorCarts, AnOrderClosesWhatWasCollectedUpToIt) {
  const auto carts = carts_of(
      {added(minutes(1)), added(minutes(2)), ordered(minutes(5), "o-1"), added(minutes(6))});
  EXPECT_THAT(said_by(carts), ::testing::UnorderedElementsAre(Said{name_at(minutes(5)), 2, true},
                                                              Said{"open", 1, false}));
}

TEST(VisitorCarts, ALateOrderDividesTheCartThatItFallsInto) {
  const auto late = carts_of(
      {added(minutes(1)), added(minutes(6)), added(minutes(2)), ordered(minutes(5), "o-1")});
  EXPECT_THAT(said_by(late), ::testing::UnorderedElementsAre(Said{name_at(minutes(5)), 2, true},
                                                             Said{"open", 1, false}));
}

TEST(VisitorCarts, AnOrderThatNamesACartLeavesTheOthersOpen) {
  const auto carts =
      carts_of({added(minutes(1), "a"), added(minutes(2), "b"), ordered(minutes(5), "o-1", "a")});
  EXPECT_THAT(said_by(carts),
              ::testing::UnorderedElementsAre(Said{"a", 1, true}, Said{"b", 1, false}));
}

TEST(VisitorCarts, SealedCartsAreStatedOnceMoreAndThenForgotten) {
  constexpr std::size_t count = VisitorCarts::max_orders + 1;
  VisitorCarts carts;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::int64_t>(i) * 10;
    carts.apply(added(minutes(at)), minutes(at));
    carts.apply(ordered(minutes(at + 5), "o-" + std::to_string(i)), minutes(at + 5));
  }
  EXPECT_EQ(carts.summaries().size(), count);
  carts.forget_sealed();
  EXPECT_EQ(carts.summaries().size(), count - 1);
  carts.apply(added(minutes(1)), minutes(1'000));
  EXPECT_EQ(carts.summaries().size(), count - 1) << "what comes late for a sealed cart is left out";
}

TEST(VisitorCarts, SayTheSameWhenTheyHaveBeenStored) {
  const auto carts =
      carts_of({added(minutes(1)), added(minutes(3), "named"), ordered(minutes(5), "o-1"),
                added(minutes(6)), ordered(minutes(7), "o-2", "named")});
  const std::string bytes = encoded(carts);
  ByteReader in(bytes);
  const VisitorCarts again = VisitorCarts::decode(in);
  ASSERT_TRUE(in.ok());
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(again.summaries(), carts.summaries());
  EXPECT_EQ(encoded(again), bytes);
}

TEST(VisitorCarts, AreWorthAsMuchAsAnAmountCanSayWhereTheyWouldBeWorthMore) {
  const events::Line line{.price = events::Micros(INT64_MAX), .quantity = 1};
  Event dear = added(minutes(0));
  dear.lines = {&line, 1};
  VisitorCarts carts = carts_of({dear, dear});
  EXPECT_EQ(carts.summaries()[0].worth, INT64_MAX);
  Event back = dear;
  back.kind = EventKind::product_removed;
  for (int i = 0; i < 4; ++i) carts.apply(back, minutes(1));
  EXPECT_EQ(carts.summaries()[0].worth, INT64_MIN);
}

TEST(VisitorCarts, RefuseStoredBytesThatNameAnOriginThatIsNotThere) {
  std::string bytes = encoded(carts_of({added(minutes(1))}));
  bytes.front() = 0;                  // no origins,
  bytes.erase(1, 1 + 1 + 2 + 1 + 1);  // and so not the bytes of the one that was there
  ByteReader in(bytes);
  static_cast<void>(VisitorCarts::decode(in));
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace bytebasket::processors
