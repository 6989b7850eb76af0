// The inner form of EventReader: for event_reader.cpp and event_properties.cpp only.
#pragma once

#include <string_view>
#include <vector>

#include "events/event_reader.hpp"
#include "events/json_cursor.hpp"
#include "events/keys.hpp"
#include "events/text_arena.hpp"

namespace bytebasket::events {

struct EventReader::Impl {
  TextArena arena;
  std::vector<Line> lines;
  EventFields fields = EventFields::all;
  // Of the event in hand:
  bool typed = false;
  bool timed = false;

  std::string_view text_of(const JsonCursor::Scalar& scalar) {
    return scalar.escaped ? arena.unescape(scalar.text) : scalar.text;
  }
  /// The text of a string, or the digits of a number; empty for null and other kinds.
  std::string_view text(JsonCursor& cursor) { return text_of(cursor.scalar()); }

  bool read_head(JsonCursor& cursor, Event& event);
  void read_top(JsonCursor& cursor, TopKey key, Event& event);
  void set_type(Event& event, std::string_view name);
  void set_time(Event& event, std::string_view text);
  void read_properties(JsonCursor& cursor, Event& event);
  void read_property(JsonCursor& cursor, PropertyKey key, Event& event, Line& own);
  void read_products(JsonCursor& cursor);
  bool read_line_member(JsonCursor& cursor, PropertyKey key, Line& line);
  void read_context(JsonCursor& cursor, Event& event);
  std::string_view read_member(JsonCursor& cursor, std::string_view wanted);
  Status read_into(Event& event, std::string_view json);
};

}  // namespace bytebasket::events
