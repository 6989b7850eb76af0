#include "producers/shop/fraud.hpp"

#include "producers/shop/purchase.hpp"

namespace bytebasket::producers::shop {

namespace {

void label_days_later(Actor& actor, const Order& order) {
  actor.wait_days(2, 10);
  label_order(actor, order, actor.random().per_mille(600) ? "charged_back" : "fraud");
}

void buy_dear_things(Actor& actor, const Catalogue& catalogue) {
  Basket basket;
  const std::uint32_t lines = 1 + actor.random().below(3);
  for (std::uint32_t i = 0; i < lines; ++i) {
    actor.wait(2'000, 9'000);
    const Product& product = catalogue.product(catalogue.choose_dear(actor.random()));
    add_to_basket(actor, basket, product, 1 + actor.random().below(2));
  }
  const Order order = make_order(actor, basket, {});
  actor.wait(3'000, 15'000);
  if (actor.random().per_mille(350)) {
    attempt_payment(actor, order.id, order.total(), "declined");
    actor.wait(3'000, 20'000);
  }
  attempt_payment(actor, order.id, order.total(), "approved");
  actor.wait(50, 400);
  complete_order(actor, order);
  label_days_later(actor, order);
}

}  // namespace

void play_card_testing(Actor& actor, const Catalogue& catalogue) {
  actor.look_at("Home");
  const std::uint32_t attempts = 15 + actor.random().below(40);
  for (std::uint32_t i = 0; i < attempts; ++i) {
    actor.wait(1'500, 25'000);
    actor.use_card(card_fingerprint(actor.random()));
    const std::string attempt = actor.unique_id("order-");
    const std::int64_t cents = 50 + actor.random().below(450);
    attempt_payment(actor, attempt, cents, actor.random().per_mille(850) ? "declined" : "approved");
  }
  // A card that works is tried on a small order.
  Basket basket;
  add_to_basket(actor, basket, catalogue.product(catalogue.choose(actor.random())), 1);
  const Order order = make_order(actor, basket, {});
  attempt_payment(actor, order.id, order.total(), "approved");
  actor.wait(50, 400);
  complete_order(actor, order);
  label_days_later(actor, order);
}

void play_stolen_card(Actor& actor, const Catalogue& catalogue) {
  actor.look_at("Home");
  actor.wait(5'000, 30'000);
  actor.make_account();
  actor.log_in();
  buy_dear_things(actor, catalogue);
}

void play_account_takeover(Actor& actor, const Catalogue& catalogue, const Visitor& victim) {
  actor.look_at("Login");
  actor.use_account_of(victim);
  actor.wait(2'000, 20'000);
  actor.log_in();
  buy_dear_things(actor, catalogue);
}

}  // namespace bytebasket::producers::shop
