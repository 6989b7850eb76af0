// The mock shop: a simulated shop whose visitors, carts, orders, refunds and frauds come out as
// Segment events.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "producers/shop/catalogue.hpp"
#include "producers/shop/options.hpp"
#include "producers/shop/outbox.hpp"
#include "producers/shop/random.hpp"

namespace bytebasket::producers::shop {

/// An endless stream of events in order of their sending times. The same options give the same
/// bytes, on every machine and in every version (a test keeps a hash of them). Its memory holds the
/// visits under way and what is still to come of them (refunds and labels of some days), not the
/// past. Not thread-safe.
///
///   BB_ASSIGN_OR_RETURN(Shop shop, Shop::create({.seed = 7}));
///   SentEvent event;
///   for (int i = 0; i < 1000; ++i) { shop.next(event); use(event.json); }
class Shop {
 public:
  /// `invalid_argument` when an option is out of its range.
  static Result<Shop> create(const ShopOptions& options);

  /// The next event; its bytes live until the following call.
  void next(SentEvent& event);

  [[nodiscard]] const ShopOptions& options() const { return options_; }

 private:
  explicit Shop(const ShopOptions& options);

  void play_next_visit();
  void play_fraud(Timestamp start, std::uint64_t visit_key);
  [[nodiscard]] std::int64_t mean_gap_us(std::int64_t at_us) const;

  ShopOptions options_;
  Catalogue catalogue_;
  Outbox outbox_;
  std::uint64_t key_;  ///< of everything that happens in this run
  Random arrivals_;
  std::int64_t next_visit_us_;  ///< microseconds since 1970
  std::uint64_t visits_ = 0;
};

}  // namespace bytebasket::producers::shop
