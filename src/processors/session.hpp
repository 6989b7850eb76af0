// A session: what one visitor did without a pause of more than the gap (or under one session id of
// the source).
//
// A session is a function of the set of its events: every field is a sum, a minimum, a maximum or a
// set, so events may come in any order and two sessions that a late event joins merge into what
// they would have been.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "events/event.hpp"
#include "metrics/fact.hpp"

namespace bytebasket::processors {

/// How often something happened, and when first and last.
struct Occurrences {
  std::int64_t count = 0;
  Timestamp first;
  Timestamp last;

  void add(Timestamp time);
  void merge(const Occurrences& other);
  bool operator==(const Occurrences&) const = default;
};

/// An order as a session sees it, from its marker. One order id counts once: the earliest marker
/// holds.
struct SessionOrder {
  std::uint64_t order = 0;  ///< hash64 of the order id
  Timestamp time;
  events::Currency currency;
  std::int64_t revenue = 0;   ///< millionths
  std::int64_t quantity = 0;  ///< pieces
  std::int64_t products = 0;  ///< lines

  bool operator==(const SessionOrder&) const = default;
};

/// The event a session began with gives its dimensions: the smallest time, then the smallest
/// message id.
struct Entry {
  Timestamp time;
  std::string message_id;
  events::Source source = events::Source::server;
  events::EventGroup group = events::EventGroup::other;
  std::string country;
  std::string device;
  std::string campaign;
  std::string app;

  [[nodiscard]] bool is_before(const Entry& other) const;
  bool operator==(const Entry&) const = default;
};

struct Session {
  std::string id;  ///< the source's session id; empty where the gap delimits
  Timestamp start;
  Timestamp end;
  Timestamp
      received_first;  ///< by the server's clock: least and greatest receive time of its events
  Timestamp received_last;
  Entry entry;
  std::int64_t events = 0;
  Occurrences product_views;
  Occurrences list_views;
  Occurrences adds;
  Occurrences removes;
  Occurrences carts_created;    ///< adds after which the cart holds nothing but what was added
  Occurrences carts_emptied;    ///< adds and removes after which the cart is worth nothing
  Occurrences checkouts;        ///< checkout events: started, steps, payment info
  Occurrences checkout_starts;  ///< Checkout Started, or step 1
  Occurrences step_views;       ///< Checkout Step Viewed
  std::uint64_t steps = 0;      ///< bit n: checkout step n was reached (63: that or a later one)
  std::vector<std::uint64_t> carts;  ///< hashes of cart ids, sorted, at most max_carts
  std::vector<SessionOrder> orders;  ///< sorted by order hash
  Timestamp
      stated_at;  ///< append time of the event that changed it last: what its facts are stated with
  bool pending = false;  ///< changed since its facts were stated; not stored

  static constexpr std::size_t max_carts = 64;

  /// A session of one event (an Order Marked counts as an order, not as an event).
  static Session of(const bytebasket::events::Event& event, Timestamp received_at,
                    Timestamp append_time);
  /// What merge(of(event, …)) would do.
  void add(const bytebasket::events::Event& event, Timestamp received_at, Timestamp append_time);
  void merge(const Session& other);

  /// True where `time` is at most `gap` away from the session.
  [[nodiscard]] bool reaches(Timestamp time, Milliseconds gap) const {
    return time >= start - gap && time <= end + gap;
  }

  /// States the session (weight +1), or takes it back (−1).
  void state(std::string_view visitor, std::int8_t weight, metrics::FactSink& facts) const;

  void encode(ByteWriter& out) const;
  static Session decode(ByteReader& in);
  [[nodiscard]] std::size_t bytes() const;
  bool operator==(const Session&) const = default;
};

}  // namespace bytebasket::processors
