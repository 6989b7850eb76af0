// Canonical events in the making, one behind the other in one block of memory.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "events/normalize.hpp"
#include "events/text_writer.hpp"

namespace bytebasket::events {

/// Takes the events of a body: their texts cost no allocation of their own, and go to the log as
/// they are. Not thread-safe.
class EventBlock {
 public:
  /// Where the event at hand is written.
  TextWriter& text() { return text_; }

  /// Begins an event; takes back what there is of one that was begun and not added.
  void begin() { text_.cut(begin_); }
  /// Adds what was written since begin(). `key` need not live on.
  void add(std::string_view key, bool transaction, Timestamp time, Timestamp received_at);

  /// Hands all events over, and begins a new block.
  std::vector<Normalized> take();

 private:
  /// An event's place: its key stands behind its text.
  struct Place {
    std::size_t size;
    std::size_t key_size;
    bool transaction;
    Timestamp time;
    Timestamp received_at;
  };

  TextWriter text_;
  std::size_t begin_ = 0;
  std::vector<Place> places_;
};

}  // namespace bytebasket::events
