#include "events/item_normalizer.hpp"

#include <charconv>

#include <simdjson.h>

#include "base/hash.hpp"
#include "events/canonical_time.hpp"

namespace bytebasket::events {
namespace {

tl::unexpected<Error> refusal(std::string reason) {
  return fail(ErrorCode::invalid_argument, std::move(reason));
}

/// Milliseconds, or seconds where the number is too small for milliseconds of this century.
Result<Timestamp> time_of_number(std::string_view digits) {
  constexpr std::int64_t smallest_ms = 100'000'000'000;
  constexpr std::int64_t largest_ms = 253'402'300'799'999;  // the end of the year 9999
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number < 0 ||
      number > largest_ms) {
    return refusal("'" + std::string(digits.substr(0, 64)) +
                   "' is no time in milliseconds since 1970");
  }
  return timestamp_from_ms(number < smallest_ms ? number * 1000 : number);
}

}  // namespace

std::optional<Refused> ItemNormalizer::normalize(const ItemPlace& place, const Envelope& envelope) {
  event_ = {};
  implied_ = {};
  block_.begin();
  if (auto status = read(place, envelope); !status)
    return refuse(place, envelope, std::move(status.error().message));
  const bool transaction = schema::is_transaction(event_.kind);
  block_.add(transaction ? event_.customer() : event_.visitor(), transaction, event_.time,
             received_at_);
  if (event_.kind == EventKind::order_completed) write_marker();
  return std::nullopt;
}

void ItemNormalizer::reserve(std::size_t bytes) {
  constexpr std::size_t of_one_event = 512;  // times, dimensions and the key
  out_.reserve(bytes + bytes / 4 + of_one_event);
}

Status ItemNormalizer::read(const ItemPlace& place, const Envelope& envelope) {
  BB_RETURN_IF_ERROR(check_form(place));
  BB_RETURN_IF_ERROR(fields_.collect(place.node, place.shared_context));
  BB_RETURN_IF_ERROR(read_call(envelope));
  BB_RETURN_IF_ERROR(check_cards());
  BB_RETURN_IF_ERROR(read_ids());
  BB_RETURN_IF_ERROR(read_times(envelope));
  dimensions_ = dimension_finder_.find(fields_, envelope.default_source);
  event_.message_id = fields_.text(fields_[TopKey::message_id]);
  if (event_.message_id.empty()) {
    message_id_ = made_up_id();
    event_.message_id = message_id_;
  }
  return write(envelope);
}

Status ItemNormalizer::check_form(const ItemPlace& place) const {
  const JsonNode& node = tape_[place.node];
  if (node.kind != JsonKind::object) return refusal("an event must be a JSON object");
  // The batch's context is written into each of its events, so it counts for each.
  const std::size_t size =
      node.size + (place.shared_context == 0 ? 0 : tape_[place.shared_context].size);
  if (size > limits_.max_bytes) {
    return refusal("the event has " + std::to_string(size) + " bytes; at most " +
                   std::to_string(limits_.max_bytes) + " are allowed");
  }
  if (!place.context_problem.empty())
    return refusal("the batch's context: " + std::string(place.context_problem));
  return check_text(place.node, place.depth, place.utf8_checked);
}

Status ItemNormalizer::check_text(NodeIndex index, std::size_t depth, bool utf8_checked) const {
  const JsonNode& node = tape_[index];
  for (const JsonFlaw& flaw : tape_.flaws_in(node)) {
    if (flaw.depth != 0 && flaw.depth <= depth + limits_.max_depth) continue;
    return refusal(std::string(flaw.what) + " at byte " + std::to_string(flaw.at - node.begin) +
                   (flaw.depth != 0
                        ? "; at most " + std::to_string(limits_.max_depth) + " levels are allowed"
                        : ""));
  }
  if (!utf8_checked && !simdjson::validate_utf8(tape_.raw(node)))
    return refusal("this is not valid UTF-8");
  return ok();
}

std::string ItemNormalizer::problem_of_context(NodeIndex context, bool utf8_checked) const {
  if (const Status text = check_text(context, 0, utf8_checked); !text) return text.error().message;
  const std::string place = card_place(tape_, context);
  return place.empty() ? place : "a card number in " + place;
}

Status ItemNormalizer::check_cards() {
  const std::string place = card_place(tape_, fields_.item());
  if (place.empty()) return ok();
  return refusal("a card number in " + place +
                 ": send the card's fingerprint in card_fingerprint, never its number");
}

Status ItemNormalizer::read_call(const Envelope& envelope) {
  const std::string_view type = fields_.text(fields_[TopKey::type]);
  const auto call = envelope.call ? envelope.call : parse_call_type(type);
  if (!call) {
    return refusal("type '" + std::string(type.substr(0, 64)) +
                   "' is none of track, identify, page, screen, group, alias");
  }
  event_.type = *call;
  if (event_.type == CallType::page || event_.type == CallType::screen)
    event_.name = fields_.text(fields_[TopKey::name]);
  if (event_.name.size() > limits_.max_id_bytes) return refusal("name is too long");
  if (event_.type != CallType::track) return ok();
  const std::string_view sent = fields_.text(fields_[TopKey::event]);
  if (sent.empty()) return refusal("a track call needs event, the event's name");
  if (sent.size() > limits_.max_id_bytes) {
    return refusal("event is longer than " + std::to_string(limits_.max_id_bytes) + " bytes");
  }
  event_.kind = schema::event_kind(sent);
  if (event_.kind == EventKind::order_marked)
    return refusal("Order Marked is written by ByteBasket itself");
  event_.name = event_.kind == EventKind::unknown ? sent : schema::name_of(event_.kind);
  implied_ = schema::implied_by(sent);
  return ok();
}

Status ItemNormalizer::read_ids() {
  event_.anonymous_id = fields_.text(fields_[TopKey::anonymous_id]);
  event_.user_id = fields_.text(fields_[TopKey::user_id]);
  if (event_.visitor().empty()) return refusal("anonymousId or userId is needed");
  for (const TopKey key :
       {TopKey::anonymous_id, TopKey::user_id, TopKey::message_id, TopKey::session_id}) {
    if (fields_.text(fields_[key]).size() > limits_.max_id_bytes) {
      return refusal("an id is longer than " + std::to_string(limits_.max_id_bytes) + " bytes");
    }
  }
  return ok();
}

Result<std::optional<Timestamp>> ItemNormalizer::time_at(TopKey key, std::string_view name) {
  const NodeIndex node = fields_[key];
  const std::string_view text = fields_.text(node);
  if (text.empty()) return std::optional<Timestamp>();
  if (const auto canonical = read_canonical_time(text)) return canonical;
  auto time = tape_[node].kind == JsonKind::number ? time_of_number(text) : parse_timestamp(text);
  if (!time) return refusal(std::string(name) + ": " + time.error().message);
  return std::optional<Timestamp>(*time);
}

Status ItemNormalizer::read_times(const Envelope& envelope) {
  BB_ASSIGN_OR_RETURN(const auto timestamp, time_at(TopKey::timestamp, "timestamp"));
  BB_ASSIGN_OR_RETURN(const auto original,
                      time_at(TopKey::original_timestamp, "originalTimestamp"));
  // A broken sentAt says nothing of the client's clock: the event's own time stands.
  const auto item_sent = time_at(TopKey::sent_at, "sentAt");
  const auto sent = item_sent && *item_sent ? *item_sent : envelope.sent_at;
  received_at_ = envelope.received_at;
  if (envelope.trust_received_at) {
    BB_ASSIGN_OR_RETURN(const auto received, time_at(TopKey::received_at, "receivedAt"));
    received_at_ = received.value_or(received_at_);
  }
  const auto by_client = original ? original : timestamp;
  event_.has_original_time = by_client.has_value();
  event_.original_time = by_client.value_or(received_at_);
  event_.time = event_.original_time;
  if (by_client && sent) {
    event_.time = received_at_ - (*sent - *by_client);
  } else if (original && timestamp) {
    event_.time = *timestamp;  // corrected before, by us or by Segment
  }
  if (to_ms(event_.time) < 0)
    return refusal("by sentAt and the receipt the event happened before 1970");
  if (event_.time > received_at_ + limits_.max_ahead) {
    return refusal("timestamp " + format_timestamp(event_.time) + " lies more than " +
                   format_duration(limits_.max_ahead) + " after its receipt");
  }
  return ok();
}

std::string ItemNormalizer::made_up_id() const {
  // Two calls without id and time are two events, so the time of receipt stands in.
  const std::uint64_t seed = static_cast<std::uint64_t>(to_ms(event_.original_time));
  const std::string_view raw = tape_.raw(fields_.item());
  return "bb-" + to_hex(hash64(raw, seed)) + to_hex(hash64(raw, seed + 1));
}

Status ItemNormalizer::check_order() const {
  if (schema::group_of(event_.kind) != EventGroup::order) return ok();
  if (event_.order_id.empty())
    return refusal(std::string(event_.name) + " needs properties.order_id");
  if (event_.order_id.size() > limits_.max_id_bytes) {
    return refusal("properties.order_id is longer than " + std::to_string(limits_.max_id_bytes) +
                   " bytes");
  }
  const bool valued =
      event_.total || std::any_of(event_.lines.begin(), event_.lines.end(),
                                  [](const Line& line) { return line.price.has_value(); });
  if (valued && !revenue_of(event_))
    return refusal("the order's value is beyond ±9,223,372,036,854.775807");
  return ok();
}

Refused ItemNormalizer::refuse(const ItemPlace& place, const Envelope& envelope,
                               std::string reason) const {
  Refused refused;
  refused.reason = std::move(reason);
  refused.payload = masked_payload(tape_, place.node);
  refused.transaction = schema::is_transaction(event_.kind);
  refused.sent_at = envelope.sent_at;
  refused.call = envelope.call;
  refused.too_large = tape_[place.node].size > limits_.max_bytes;
  return refused;
}

}  // namespace bytebasket::events
