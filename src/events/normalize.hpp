// What a client sent → a canonical event for the log: validated, normalised, nothing lost.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/shared_text.hpp"
#include "base/time.hpp"
#include "events/event.hpp"

namespace bytebasket::events {

/// Where in a batch an item came from, and what holds for the whole request.
struct Envelope {
  Timestamp received_at;
  std::optional<Timestamp> sent_at;  ///< of the batch, where an item has none
  Source default_source =
      Source::server;  ///< of the write key; an explicit `source` of the event or its library wins
  std::optional<CallType>
      call;  ///< from the path (/v1/track); an item of a batch says its own in `type`
  std::string_view remote_address;  ///< becomes `context.ip` of web and mobile events that have
                                    ///< none; may be empty
  /// The item's own `receivedAt` counts instead of `received_at`: for files, never for what comes
  /// over HTTP.
  bool trust_received_at = false;
};

/// A canonical event ready for the log. An Order Completed that names a visitor gives two: itself
/// in transactions, and its slim marker in user activity.
struct Normalized {
  bool transaction = false;  ///< which of the two streams
  SharedText key;            ///< visitor id (user activity) or customer id (transactions)
  SharedText json;
  Timestamp time;
  Timestamp received_at;
};

/// Why an item was refused, and what of it may be kept: card numbers are masked in `payload`.
struct Refused {
  std::string reason;   ///< names the field and what is allowed
  std::string payload;  ///< the item's bytes, for the dead-letter stream
  bool transaction = false;
  /// As they held for it: of its batch, and of its path (nullopt for an item of a batch).
  std::optional<Timestamp> sent_at;
  std::optional<CallType> call;
  bool too_large = false;  ///< beyond EventLimits::max_bytes: HTTP 413 where it came alone
};

/// The two outcomes of one item.
struct NormalizedItem {
  std::vector<Normalized> events;  ///< empty when refused
  std::optional<Refused> refused;
};

/// The outcomes of all items of a body, each kind in its order. The texts of the events are parts
/// of one block of memory.
struct NormalizedBody {
  std::vector<Normalized> events;
  std::vector<Refused> refused;
  std::size_t accepted = 0;  ///< items; each has one or two events
};

/// The limits of one event.
struct EventLimits {
  std::size_t max_bytes = 32 * 1024;
  std::size_t max_depth = 32;      ///< of objects and arrays, the event itself being 1; at most 256
  std::size_t max_id_bytes = 512;  ///< of an id or an event's name
  std::size_t max_items = 50'000;  ///< of a batch
  Milliseconds max_ahead{
      24 *
      3'600'000};  ///< an event that says it happened later than this after its receipt is refused
};

/// Turns client JSON into canonical events. Not thread-safe; one for each thread.
class Normalizer {
 public:
  explicit Normalizer(EventLimits limits = {});
  ~Normalizer();
  Normalizer(Normalizer&&) noexcept;
  Normalizer& operator=(Normalizer&&) noexcept;

  /// One event as a JSON object. `json` needs no padding. Never fails as a whole: a bad item is
  /// `refused`.
  NormalizedItem normalize(std::string_view json, const Envelope& envelope);

  /// Reads a body of the tracking API: one event, or `{"batch": [...], "sentAt": …, "context": …}`.
  /// An error only where it is no such JSON object at all (`invalid_argument`: HTTP 400), or has
  /// more items than are allowed (`resource_exhausted`: HTTP 413).
  Status read_body(std::string_view body);
  /// The `writeKey` of the body read last; empty where it has none. A view until the next call.
  [[nodiscard]] std::string_view write_key() const;
  /// The items of the body read last; each bad one is refused by itself.
  NormalizedBody normalize_body(const Envelope& envelope);
  /// The same, item by item.
  std::vector<NormalizedItem> normalize_items(const Envelope& envelope);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bytebasket::events
