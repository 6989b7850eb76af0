#include "producers/shop/outbox.hpp"

#include <algorithm>

namespace bytebasket::producers::shop {

namespace {

constexpr std::size_t timestamp_size = 24;

void overwrite_time(std::string& json, std::size_t offset, Timestamp time) {
  std::string text;
  append_timestamp_ms(text, time);
  json.replace(offset, timestamp_size, text);
}

}  // namespace

std::string_view name_of(Sender sender) {
  static constexpr std::array<std::string_view, sender_count> names = {"web", "mobile", "cart",
                                                                       "orders"};
  return names[static_cast<std::size_t>(sender)];
}

void append_for_wire(std::string& out, const SentEvent& event, Timestamp now) {
  out.append(event.json.substr(0, event.sent_at_offset));
  append_timestamp_ms(out, now + event.clock_error);
  const std::size_t rest = event.sent_at_offset + timestamp_size;
  out.append(event.json.substr(rest, event.received_at_offset - rest));
  out += '}';
}

bool Outbox::later(const Entry& a, const Entry& b) {
  return a.sent_ms != b.sent_ms ? a.sent_ms > b.sent_ms : a.sequence > b.sequence;
}

std::uint32_t Outbox::free_slot() {
  if (free_.empty()) {
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  slots_[slot].json.clear();
  return slot;
}

void Outbox::enter(std::uint32_t slot) {
  heap_.push_back({to_ms(slots_[slot].details.sent_at), sequence_++, slot});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

std::string& Outbox::open() {
  open_ = free_slot();
  return slots_[open_].json;
}

void Outbox::close(const SentEvent& details) {
  slots_[open_].details = details;
  enter(open_);
}

void Outbox::repeat_last(Timestamp sent_at, Timestamp received_at) {
  const std::uint32_t copy = free_slot();
  const Slot& original = slots_[open_];
  Slot& slot = slots_[copy];
  slot.json = original.json;
  slot.details = original.details;
  slot.details.sent_at = sent_at;
  slot.details.received_at = received_at;
  overwrite_time(slot.json, slot.details.sent_at_offset, sent_at + slot.details.clock_error);
  constexpr std::size_t receive_key_size = std::string_view(",\"receivedAt\":\"").size();
  overwrite_time(slot.json, slot.details.received_at_offset + receive_key_size, received_at);
  enter(copy);
}

SentEvent Outbox::take() {
  if (taken_) free_.push_back(*taken_);
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const std::uint32_t slot = heap_.back().slot;
  heap_.pop_back();
  taken_ = slot;
  SentEvent event = slots_[slot].details;
  event.json = slots_[slot].json;
  return event;
}

}  // namespace bytebasket::producers::shop
