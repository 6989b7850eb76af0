// The three frauds that shops see most, each as a visit. Days later Fraud Labelled events say what
// the orders were.
#pragma once

#include "producers/shop/actor.hpp"
#include "producers/shop/catalogue.hpp"

namespace bytebasket::producers::shop {

/// Many small payments with many cards from one machine: a thief finds out which stolen cards work.
void play_card_testing(Actor& actor, const Catalogue& catalogue);

/// A new customer far from the card's country, straight to the dearest products.
void play_stolen_card(Actor& actor, const Catalogue& catalogue);

/// A known customer's account from a new device in a new country, with a new address and a dear
/// order.
void play_account_takeover(Actor& actor, const Catalogue& catalogue, const Visitor& victim);

}  // namespace bytebasket::producers::shop
