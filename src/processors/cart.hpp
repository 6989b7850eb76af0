// A cart: what was done with it, and what its fact and its row say. Which actions make a cart:
// visitor_carts.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "events/event.hpp"
#include "metrics/fact.hpp"

namespace bytebasket::processors {

/// One thing done with a cart.
struct CartAction {
  Timestamp time;
  std::uint8_t origin = 0;  ///< index into the visitor's origins: the dimensions of the event
  std::int64_t adds = 0;    ///< number of add events
  std::int64_t pieces = 0;  ///< pieces added less pieces removed
  std::int64_t worth = 0;   ///< price × quantity, added less removed, in millionths of `currency`
  events::Currency currency;
  Timestamp appended;  ///< append time of the event

  bool operator==(const CartAction&) const = default;
};

/// The dimensions that cart facts carry.
struct CartOrigin {
  events::Source source = events::Source::server;
  std::string country;
  std::string device;
  std::string campaign;

  bool operator==(const CartOrigin&) const = default;
};

/// A cart as it stands: what its fact and its row in `carts_by_activity` say.
struct CartSummary {
  std::string name;  ///< the cart id, or the time of the order that closes it, or "open"
  Timestamp last_activity;
  std::int64_t adds = 0;
  std::int64_t pieces = 0;
  std::int64_t worth = 0;
  events::Currency currency;
  bool converted = false;
  CartOrigin origin;
  Timestamp stated_at;  ///< append time of what changed it last

  void state(std::string_view visitor, std::int8_t weight, metrics::FactSink& facts) const;
  bool operator==(const CartSummary&) const = default;
};

/// True where a cart stands among `carts` just so.
bool contains(const std::vector<CartSummary>& carts, const CartSummary& cart);

}  // namespace bytebasket::processors
