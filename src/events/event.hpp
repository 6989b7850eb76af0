// The event model: what is read from a canonical event, as views into its bytes.
//
// A canonical event is the JSON document that stands in the log: written once, by EventWriter
// (canonical.hpp), from whatever a client sent, with its names, money and times normalised and
// everything unknown kept. An Event is the part of it that processing looks at. Bytes → Event is
// EventReader's work (event_reader.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "events/money.hpp"
#include "schema/vocabulary.hpp"

namespace bytebasket::events {

using schema::EventGroup;
using schema::EventKind;

/// The call of the Segment tracking API that an event came by.
enum class CallType : std::uint8_t { track, identify, page, screen, group, alias };
std::string_view to_string(CallType type);
std::optional<CallType> parse_call_type(std::string_view name);

/// Who sent it.
enum class Source : std::uint8_t { web, mobile, cart, orders, server };
std::string_view to_string(Source source);
std::optional<Source> parse_source(std::string_view name);

/// A product line of an order, a cart or a list; for product events the one product is its only
/// line.
struct Line {
  std::string_view product_id;
  std::string_view sku;
  std::string_view name;
  std::string_view category;
  std::string_view brand;
  std::optional<Micros> price;  ///< of one piece
  std::int64_t quantity = 1;
};

/// An event as processing sees it. Views point into the record's bytes or into the reader that made
/// it: they live until that reader's next `clear()`. Plain data: copied freely within that life.
struct Event {
  CallType type = CallType::track;
  EventKind kind = EventKind::unknown;
  Source source = Source::server;
  std::string_view name;        ///< of a track event; the page or screen name otherwise
  std::string_view message_id;  ///< the identity of the event
  std::string_view anonymous_id;
  std::string_view user_id;
  std::string_view session_id;  ///< where the source gives one
  Timestamp time;               ///< when it happened, by the server's clock (receivedAt − (sentAt −
                                ///< originalTimestamp))
  Timestamp
      original_time;  ///< when it happened by the client's clock; decides the de-duplication day
  bool has_original_time = false;

  std::string_view order_id;
  std::string_view cart_id;
  std::string_view checkout_id;
  std::string_view query;    ///< of Products Searched
  std::string_view country;  ///< ISO 3166-1 alpha-2, upper case
  std::string_view device;   ///< desktop, mobile, tablet, …
  std::string_view campaign;
  std::string_view coupon;
  std::string_view status;  ///< of a payment or an order
  std::string_view label;   ///< of Fraud Labelled
  std::string_view card;    ///< the card's fingerprint; never a number
  std::string_view device_id;
  std::string_view ip;
  std::string_view email;
  std::string_view app;   ///< context.app.name: the application of a shop with several
  std::int64_t step = 0;  ///< of a checkout step
  std::int64_t total_quantity =
      0;  ///< of an order: the property `total_quantity`, else the pieces of its lines
  std::int64_t line_count = 0;  ///< of an order and of its marker: how many lines the order has

  Currency currency;
  std::optional<Micros> revenue;
  std::optional<Micros> total;
  std::optional<Micros> subtotal;
  std::optional<Micros> shipping;
  std::optional<Micros> tax;
  std::optional<Micros> discount;
  std::optional<Micros> value;  ///< of a cart, a checkout or a payment

  std::span<const Line> lines;

  /// The whole canonical document, for filters on properties that are not above.
  std::string_view json;
  /// Where its `properties` stand in it; empty where there are none.
  std::string_view properties;

  /// Who it belongs to: the anonymous id, else the user id, else empty.
  [[nodiscard]] std::string_view visitor() const {
    return anonymous_id.empty() ? user_id : anonymous_id;
  }
  /// The customer: the user id, else the anonymous id, else empty.
  [[nodiscard]] std::string_view customer() const {
    return user_id.empty() ? anonymous_id : user_id;
  }
};

/// True for events about one product, whose own properties are its only line.
bool is_one_product(EventKind kind);

/// Sets `total_quantity` and `line_count` of an order from its lines, where they are 0.
void fill_in_counts(Event& event);

/// What an order is worth: `revenue`, else `total − shipping − tax`, else the sum of its lines'
/// price × quantity. nullopt where none of them is there or the sum overflows.
std::optional<Micros> revenue_of(const Event& order);

}  // namespace bytebasket::events
