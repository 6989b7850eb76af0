// An honest visit: looking round, perhaps a cart, perhaps an order, perhaps a refund.
#pragma once

#include "producers/shop/actor.hpp"
#include "producers/shop/catalogue.hpp"

namespace bytebasket::producers::shop {

/// Plays one whole visit, with what follows from it days later, into the actor's Outbox.
void play_visit(Actor& actor, const Catalogue& catalogue);

}  // namespace bytebasket::producers::shop
