// Canonical bytes → Event.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "events/event.hpp"

namespace bytebasket::events {

/// What an event is, read from its first bytes.
struct EventPeek {
  CallType type = CallType::track;
  EventKind kind = EventKind::unknown;
};

/// Which fields of an event are read.
enum class EventFields : std::uint8_t {
  all,
  without_contact,  ///< not what `context` says of address, device and e-mail
};

/// Reads canonical events, many times faster than a document tree: fields are taken in one pass,
/// and strings without escapes stay where they are. Not thread-safe; one for each thread.
class EventReader {
 public:
  EventReader();
  ~EventReader();
  EventReader(EventReader&&) noexcept;
  EventReader& operator=(EventReader&&) noexcept;

  /// Reads one canonical event. `json` must be followed by 64 readable bytes and must outlive the
  /// Event, as must this reader until its next clear(). `corrupt` says what is not canonical.
  Result<Event> read(std::string_view json);
  /// The same into `event`, which after an error says nothing. What is not among `fields` is empty,
  /// or not.
  Status read_into(Event& event, std::string_view json, EventFields fields = EventFields::all);

  /// What the event is, without reading it: for scans that need only some kinds. nullopt where
  /// `json` does not begin as the canonical writer begins (read() may still understand it). Padding
  /// as for read().
  static std::optional<EventPeek> peek(std::string_view json);

  /// Frees the memory of the events read so far: their views end here.
  void clear();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bytebasket::events
