// An order is state: what its events say of it, in whatever order and however often they arrive.
//
// Every part of it is the greatest or least of what was said, by event time and then message id, so
// the same events give the same order. What it contributes to metrics is a pure function of it
// (facts_of): when it changes, the facts as they were are taken back and those as they are now are
// added.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "events/event.hpp"
#include "metrics/fact.hpp"
#include "processors/fraud/attempt.hpp"
#include "processors/fraud/fraud_case.hpp"

namespace bytebasket::processors {

/// Which event said something, and so which of two wins.
struct Stamp {
  Timestamp time;
  std::string message_id;
  auto operator<=>(const Stamp&) const = default;
};

struct OrderLine {
  std::string product;
  std::string category;
  std::string brand;
  std::optional<events::Micros> price;  ///< of one piece
  std::int64_t quantity = 1;
};

/// Where an event came from: dimensions of the facts.
struct Origin {
  std::string source;
  std::string country;
  std::string device;
  std::string campaign;
  std::string customer;
};

/// The first Completed, by its stamp.
struct Completion {
  Stamp stamp;
  Timestamp
      append_time;  ///< of the Completed that the log has first: all facts of the order carry it
  Origin origin;
};

/// What an order is worth, as the newest Completed or Updated that says so has it.
struct Worth {
  Stamp stamp;
  std::string currency;
  events::Micros revenue;
  std::optional<events::Micros> total;
  std::optional<events::Micros> discount;
  std::optional<events::Micros> shipping;
  std::optional<events::Micros> tax;
};

/// What was bought, as the newest Completed or Updated that has lines says.
struct Basket {
  Stamp stamp;
  std::int64_t quantity = 0;
  std::vector<OrderLine> lines;
};

struct Cancellation {
  Stamp stamp;
  Timestamp append_time;
};

struct Refund {
  Stamp stamp;
  Timestamp append_time;
  Origin origin;
  std::string currency;
  std::optional<events::Micros> amount;  ///< as stated; positive
  std::vector<OrderLine> lines;          ///< prices and quantities positive
};

/// The newest Payment Attempted: what a transaction shows as long as there is no completed order.
struct Payment {
  Stamp stamp;
  std::string customer;
  std::string currency;
  std::string country;
  std::string status;
  std::optional<events::Micros> amount;
  std::int64_t items = 0;
};

/// A row of table `orders`. Stored as JSON. Not thread-safe.
struct OrderState {
  /// Refunds that an order keeps. Further ones stand on their own: they count with what they state.
  static constexpr std::size_t kept_refunds = 100;
  /// Customers, cards, devices and addresses that an order keeps for labels.
  static constexpr std::size_t kept_entities = 32;

  std::optional<Completion> completed;
  std::optional<Worth> worth;
  std::optional<Basket> basket;
  std::optional<Cancellation> cancelled;
  std::vector<Refund> refunds;  ///< by stamp
  std::optional<Payment> payment;
  bool judged =
      false;  ///< an attempt has been judged: the Order Completed that follows is not judged again
  std::vector<std::pair<fraud::Entity, std::string>>
      entities;            ///< who made its attempts, in the order of the log
  std::size_t marked = 0;  ///< how many of them, from the first, have it counted as labelled fraud
  std::optional<fraud::Label> label;

  static Result<OrderState> decode(std::string_view json);
  [[nodiscard]] std::string encode(std::string_view order_id) const;
  [[nodiscard]] std::size_t bytes() const;
};

/// Takes in an Order Completed, Updated, Cancelled or Refunded, or a Payment Attempted. False where
/// the order keeps no more refunds: `overflow` then is the refund, standing on its own.
bool take_event(OrderState& order, const events::Event& event, Timestamp append_time,
                OrderState& overflow);

/// Remembers who made an attempt.
void take_entities(OrderState& order, const fraud::Attempt& attempt);

/// What is given back, when the order's refunds and its cancellation are settled in the order of
/// their times: a refund of a known order takes what it states, else the price of its lines, else
/// everything left, and never more than what is left of the revenue; a cancellation takes
/// everything left. A refund in another currency, or of an unknown order, takes what it states.
struct Settlement {
  std::vector<std::optional<events::Micros>> refunds;  ///< for each refund; nullopt: nobody knows
  std::optional<events::Micros> cancellation;
  events::Micros refunded;  ///< of the order's revenue, all together
  bool nothing_left = false;
};
Settlement settle(const OrderState& order);

/// The order's contribution to the metrics. The facts' views point into `order`.
std::vector<metrics::Fact> facts_of(const OrderState& order);

/// Takes back what is no longer so and adds what is new.
void restate(const std::vector<metrics::Fact>& before, const std::vector<metrics::Fact>& after,
             metrics::FactSink& facts);

}  // namespace bytebasket::processors
