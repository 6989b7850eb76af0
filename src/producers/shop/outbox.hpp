// Events that are written but not yet sent, in order of their sending times.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace bytebasket::producers::shop {

/// The four sources of the mission.
enum class Sender : std::uint8_t { web, mobile, cart, orders };
inline constexpr std::size_t sender_count = 4;
std::string_view name_of(Sender sender);

/// An event as Segment's SDKs write it, and what its sender knows about it. `json` lives until the
/// Shop's next call.
struct SentEvent {
  std::string_view json;  ///< one object, with `sentAt` and, last, `receivedAt`; no line end
  Sender sender = Sender::web;
  Timestamp sent_at;  ///< by a right clock
  Timestamp received_at;
  Milliseconds clock_error{0};         ///< how far the client's clock is ahead
  std::size_t sent_at_offset = 0;      ///< where the 24 characters of `sentAt` stand in `json`
  std::size_t received_at_offset = 0;  ///< where `,"receivedAt":…}` begins
};

/// The event as it goes over the wire now: without `receivedAt`, and with the `sentAt` that its
/// client's clock shows at `now`, so that the collector finds the right event time however late it
/// is sent.
void append_for_wire(std::string& out, const SentEvent& event, Timestamp now);

/// A priority queue of events. Strings are used again, so a long run allocates nothing. Not
/// thread-safe.
class Outbox {
 public:
  /// An empty string to write the next event into; it is kept by close().
  std::string& open();
  /// Finishes the open event. `details.json` is ignored.
  void close(const SentEvent& details);
  /// The event closed last once more, with other times.
  void repeat_last(Timestamp sent_at, Timestamp received_at);

  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  /// When the next event is to be sent; there must be one.
  [[nodiscard]] Timestamp next_time() const { return timestamp_from_ms(heap_.front().sent_ms); }
  /// Takes the next event; its bytes stay until the next take().
  SentEvent take();

 private:
  struct Slot {
    std::string json;
    SentEvent details;
  };
  struct Entry {
    std::int64_t sent_ms;
    std::uint64_t sequence;  ///< events of the same millisecond go in the order they were written
    std::uint32_t slot;
  };
  static bool later(const Entry& a, const Entry& b);
  std::uint32_t free_slot();
  void enter(std::uint32_t slot);

  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::vector<Entry> heap_;
  std::uint64_t sequence_ = 0;
  std::uint32_t open_ = 0;
  std::optional<std::uint32_t> taken_;
};

}  // namespace bytebasket::producers::shop
