#include "events/event_block.hpp"

namespace bytebasket::events {

void EventBlock::add(std::string_view key, bool transaction, Timestamp time,
                     Timestamp received_at) {
  const std::size_t size = text_.size() - begin_;
  text_.put(key);
  places_.push_back({size, key.size(), transaction, time, received_at});
  begin_ = text_.size();
}

std::vector<Normalized> EventBlock::take() {
  std::vector<Normalized> events;
  if (places_.empty()) return events;
  events.reserve(places_.size());
  const std::shared_ptr<const char[]> block = text_.release();
  const char* at = block.get();
  for (const Place& place : places_) {
    const std::string_view json(at, place.size);
    const std::string_view key(at + place.size, place.key_size);
    at = key.data() + key.size();
    events.push_back({.transaction = place.transaction,
                      .key = {key, block},
                      .json = {json, block},
                      .time = place.time,
                      .received_at = place.received_at});
  }
  places_.clear();
  begin_ = 0;
  return events;
}

}  // namespace bytebasket::events
