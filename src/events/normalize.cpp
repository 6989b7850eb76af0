#include "events/normalize.hpp"

#include <algorithm>

#include <simdjson.h>

#include "events/card_number.hpp"
#include "events/item_normalizer.hpp"
#include "events/json_tape.hpp"

namespace bytebasket::events {
namespace {

constexpr std::size_t deepest_allowed = 256;
constexpr std::size_t depth_in_batch = 2;  ///< an item of a batch stands in an array in an object

EventLimits bounded(EventLimits limits) {
  limits.max_depth = std::min(limits.max_depth, deepest_allowed);
  return limits;
}

}  // namespace

struct Normalizer::Impl {
  explicit Impl(EventLimits given) : limits(bounded(given)), items(tape, limits) {}

  std::optional<Timestamp> time_of(NodeIndex node) const {
    if (node == 0 || tape[node].kind != JsonKind::string) return std::nullopt;
    const auto time = parse_timestamp(tape.raw(node));
    return time ? std::optional(*time) : std::nullopt;
  }

  EventLimits limits;
  JsonTape tape;
  ItemNormalizer items;
};

Normalizer::Normalizer(EventLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
Normalizer::~Normalizer() = default;
Normalizer::Normalizer(Normalizer&&) noexcept = default;
Normalizer& Normalizer::operator=(Normalizer&&) noexcept = default;

NormalizedItem Normalizer::normalize(std::string_view json, const Envelope& envelope) {
  if (const Status parsed = impl_->tape.parse(json, impl_->limits.max_depth, depth_in_batch);
      !parsed) {
    NormalizedItem item;
    item.refused = Refused{parsed.error().message, mask_unread(json)};
    return item;
  }
  return impl_->items.normalize({.utf8_checked = simdjson::validate_utf8(json)}, envelope);
}

Result<std::vector<NormalizedItem>> Normalizer::normalize_body(std::string_view body,
                                                               Envelope envelope,
                                                               std::string* write_key) {
  JsonTape& tape = impl_->tape;
  BB_RETURN_IF_ERROR(tape.parse(body, impl_->limits.max_depth, depth_in_batch));
  if (tape[0].kind != JsonKind::object) {
    return fail(ErrorCode::invalid_argument,
                "the body must be a JSON object: one event, or {\"batch\": [...]}");
  }
  if (const NodeIndex key = tape.find(0, "writeKey"); write_key != nullptr && key != 0)
    *write_key = tape.raw(key);
  const bool utf8 = simdjson::validate_utf8(body);
  std::vector<NormalizedItem> items;
  const NodeIndex batch = tape.find(0, "batch");
  if (batch == 0) {
    items.push_back(impl_->items.normalize({.utf8_checked = utf8}, envelope));
    return items;
  }
  if (tape[batch].kind != JsonKind::array)
    return fail(ErrorCode::invalid_argument, "batch must be an array of events");
  if (const auto sent = impl_->time_of(tape.find(0, "sentAt"))) envelope.sent_at = sent;
  envelope.call.reset();
  const NodeIndex context = tape.find(0, "context");
  ItemPlace place{
      .shared_context = context != 0 && tape[context].kind == JsonKind::object ? context : 0,
      .depth = depth_in_batch,
      .utf8_checked = utf8};
  tape.for_each_element(batch, [&](NodeIndex item) {
    place.node = item;
    items.push_back(impl_->items.normalize(place, envelope));
  });
  return items;
}

}  // namespace bytebasket::events
