// A fact is what metrics count: one thing that happened (or is no longer so), with its dimensions
// and values.
//
// Processors turn events into facts; the compiled plan of all declared metrics (plan.hpp) turns
// facts into changes of rows. What can be restated (sessions, orders, carts) is a fact with weight
// −1 for the old and +1 for the new.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"
#include "events/event.hpp"
#include "events/money.hpp"

namespace bytebasket::metrics {

/// What a metric is declared `from`.
enum class FactKind : std::uint8_t {
  event,        ///< every event once (duplicates are dropped before); never retracted
  line,         ///< every product line of an event that has any (a Product Viewed has one); never
                ///< retracted
  session,      ///< a session as it stands; restated
  cart,         ///< a cart as it stands, at its last activity; restated
  order,        ///< a completed order as it stands, at its time; restated
  order_line,   ///< a line of a completed order; restated
  refund,       ///< a refund or a cancellation, at its own time; restated
  refund_line,  ///< a line of a refund that names its products; restated
};
inline constexpr std::size_t fact_kind_count = 8;
/// True where a fact of this kind can be retracted, so that only groups (count, sum, histogram,
/// quantile) may aggregate it.
constexpr bool is_restated(FactKind kind) { return kind >= FactKind::session; }

/// The dimensions that metrics are kept by. An absent one is the empty string; rows show it as "".
enum class Dimension : std::uint8_t {
  source,
  event,
  product,
  category,
  brand,
  country,
  device,
  currency,
  campaign,
  query
};
inline constexpr std::size_t dimension_count = 10;

/// The numbers and texts that `value:` and `where:` can name. Money is in millionths.
enum class Field : std::uint8_t {
  revenue,  ///< money: of an order (or refund: its amount), by lines price × quantity
  value,    ///< money: of a cart, checkout or payment
  price,    ///< money: of one piece of a line
  discount,
  shipping,
  tax,
  quantity,     ///< pieces of a line; of an order, of all its lines
  duration_ms,  ///< of a session
  events,       ///< events in a session
  product_views,
  adds,
  removes,
  checkouts,
  orders,     ///< of a session
  converted,  ///< 1 where a session or a cart led to an order, else 0
  step,       ///< of a checkout step
};
inline constexpr std::size_t field_count = 16;

struct Fact {
  FactKind kind = FactKind::event;
  std::int8_t weight = 1;  ///< −1 takes an earlier fact back
  Timestamp time;          ///< decides the windows
  /// The append time of the record that made the fact: it counts in a grain while append_time −
  /// time ≤ its retention. A retraction carries the append time of what it takes back, so both are
  /// kept in the same grains.
  Timestamp append_time;
  std::array<std::string_view, dimension_count> dimensions{};
  std::array<std::optional<std::int64_t>, field_count> fields{};
  std::string_view visitor;  ///< for distinct counts
  std::string_view session;
  std::string_view customer;
  events::EventKind event_kind = events::EventKind::unknown;
  std::string_view refund_type;  ///< of refunds: "refund" or "cancellation"
  const events::Event* event =
      nullptr;  ///< of event and line facts: for filters and values on other properties

  [[nodiscard]] std::string_view dimension(Dimension d) const {
    return dimensions[static_cast<std::size_t>(d)];
  }
  void set(Dimension d, std::string_view text) { dimensions[static_cast<std::size_t>(d)] = text; }
  [[nodiscard]] std::optional<std::int64_t> field(Field f) const {
    return fields[static_cast<std::size_t>(f)];
  }
  void set(Field f, std::int64_t number) { fields[static_cast<std::size_t>(f)] = number; }
};

/// Whoever takes facts. A processor emits, the plan's accumulator takes. One thread at a time.
class FactSink {
 public:
  virtual ~FactSink() = default;
  /// The views in `fact` are only read during the call.
  virtual void add(const Fact& fact) = 0;
  /// False where no event fact (or line) of that kind of event counts anywhere.
  [[nodiscard]] virtual bool counts(FactKind kind, events::EventKind event) const {
    static_cast<void>(kind);
    static_cast<void>(event);
    return true;
  }
};

}  // namespace bytebasket::metrics
