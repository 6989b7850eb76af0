// The state rows of a visitor. They stand in one partition of the table `visitors` and are written
// together, so either all rows that an event touched are at a position, or none is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "processors/session.hpp"
#include "processors/visitor_carts.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// Days since 1970, UTC.
std::int64_t day_of(Timestamp time);

/// The carts of a visitor. Visitors who touch no cart have no such row.
struct VisitorCartsRow {
  VisitorCarts carts;
  // Not stored:
  bool pending = false;               ///< the carts changed since they were stated
  std::vector<CartSummary> stated;    ///< of changed carts: as their facts stood before,
  std::vector<CartSummary> standing;  ///< and as they stand now, from restate() to drain()

  static Result<VisitorCartsRow> decode(std::string_view bytes);
  [[nodiscard]] std::string encode() const;
  [[nodiscard]] std::size_t bytes() const;
};

/// One day: hashes of the message ids whose original time lies in it, and the sessions that began
/// in it.
struct VisitorDay {
  std::vector<std::uint64_t> message_ids;  ///< sorted
  std::vector<Session> sessions;           ///< delimited by the gap, sorted by start; disjoint
  std::optional<std::int64_t>
      carried_from;  ///< the day an earlier session began that reaches into this one

  /// False where the id is known already.
  bool remember(std::uint64_t message_id);
  [[nodiscard]] bool knows(std::uint64_t message_id) const;
  /// Puts a session in its place by start.
  void put_in_order(Session session);
  /// Fetches what adding an event will look at.
  void prefetch() const;

  static Result<VisitorDay> decode(std::string_view bytes);
  [[nodiscard]] std::string encode() const;
  [[nodiscard]] std::size_t bytes() const;
};

/// A session under an id of the source.
struct NamedSession {
  std::optional<Session> session;

  static Result<NamedSession> decode(std::string_view bytes);
  [[nodiscard]] std::string encode() const;
  [[nodiscard]] std::size_t bytes() const;
};

/// All sessions of a visitor, by start.
Result<std::vector<Session>> sessions_of(storage::TableStore& tables, std::string_view visitor);

/// The same as the JSON body that `GET /api/v1/sessions/{visitor}` answers.
Result<std::string> sessions_json(storage::TableStore& tables, std::string_view visitor);

}  // namespace bytebasket::processors
