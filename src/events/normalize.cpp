#include "events/normalize.hpp"

#include <algorithm>

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

/// What read_body() has found.
struct Body {
  bool there = false;
  bool utf8 = false;
  NodeIndex batch = 0;
  NodeIndex write_key = 0;
  NodeIndex context = 0;
  std::string context_problem;
  std::optional<Timestamp> sent_at;
};

}  // namespace

struct Normalizer::Impl {
  explicit Impl(EventLimits given) : limits(bounded(given)), items(tape, limits) {}

  std::optional<Timestamp> time_of(NodeIndex node) const {
    if (node == 0 || tape[node].kind != JsonKind::string) return std::nullopt;
    const auto time = parse_timestamp(tape.raw(node));
    return time ? std::optional(*time) : std::nullopt;
  }

  NormalizedItem normalize_one(const ItemPlace& place, const Envelope& envelope) {
    NormalizedItem item;
    items.reserve(tape[place.node].size);
    item.refused = items.normalize(place, envelope);
    item.events = items.take();
    return item;
  }

  /// Calls `visit(place, envelope)` for each item of the body.
  template <typename Visit>
  void for_each_item(Envelope envelope, Visit visit) const {
    if (!body.there) return;
    if (body.batch == 0) return visit(ItemPlace{.utf8_checked = body.utf8}, envelope);
    if (body.sent_at) envelope.sent_at = body.sent_at;
    envelope.call.reset();
    ItemPlace place{.shared_context = body.context,
                    .depth = depth_in_batch,
                    .utf8_checked = body.utf8,
                    .context_problem = body.context_problem};
    tape.for_each_element(body.batch, [&](NodeIndex item) {
      place.node = item;
      visit(place, envelope);
    });
  }

  /// A few bytes of a body can be an item, and each is kept with its reason where it is refused.
  Status check_items(NodeIndex batch) const {
    // Each has a node at least, so most batches need not be counted.
    if (tape[batch].next - batch <= limits.max_items) return ok();
    std::size_t count = 0;
    tape.for_each_element(batch, [&count](NodeIndex) { ++count; });
    if (count <= limits.max_items) return ok();
    return fail(ErrorCode::resource_exhausted,
                "the batch has " + std::to_string(count) + " events; at most " +
                    std::to_string(limits.max_items) + " are allowed");
  }

  EventLimits limits;
  JsonTape tape;
  ItemNormalizer items;
  Body body;
};

Normalizer::Normalizer(EventLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
Normalizer::~Normalizer() = default;
Normalizer::Normalizer(Normalizer&&) noexcept = default;
Normalizer& Normalizer::operator=(Normalizer&&) noexcept = default;

NormalizedItem Normalizer::normalize(std::string_view json, const Envelope& envelope) {
  impl_->body = {};
  if (const Status parsed = impl_->tape.parse(json, impl_->limits.max_depth, depth_in_batch);
      !parsed) {
    NormalizedItem item;
    item.refused = Refused{.reason = parsed.error().message,
                           .payload = mask_unread(json),
                           .sent_at = envelope.sent_at,
                           .call = envelope.call};
    return item;
  }
  return impl_->normalize_one({.utf8_checked = impl_->tape.is_utf8()}, envelope);
}

Status Normalizer::read_body(std::string_view body) {
  JsonTape& tape = impl_->tape;
  impl_->body = {};
  BB_RETURN_IF_ERROR(tape.parse(body, impl_->limits.max_depth, depth_in_batch));
  if (tape[0].kind != JsonKind::object) {
    return fail(ErrorCode::invalid_argument,
                "the body must be a JSON object: one event, or {\"batch\": [...]}");
  }
  Body read;
  read.utf8 = tape.is_utf8();
  read.batch = tape.find(0, "batch");
  read.write_key = tape.find(0, "writeKey");
  if (read.batch != 0 && tape[read.batch].kind != JsonKind::array) {
    return fail(ErrorCode::invalid_argument, "batch must be an array of events");
  }
  if (read.batch != 0) {
    BB_RETURN_IF_ERROR(impl_->check_items(read.batch));
    read.sent_at = impl_->time_of(tape.find(0, "sentAt"));
    const NodeIndex context = tape.find(0, "context");
    read.context = context != 0 && tape[context].kind == JsonKind::object ? context : 0;
    if (read.context != 0)
      read.context_problem = impl_->items.problem_of_context(read.context, read.utf8);
  }
  read.there = true;
  impl_->body = std::move(read);
  return ok();
}

std::string_view Normalizer::write_key() const {
  const NodeIndex key = impl_->body.write_key;
  return key == 0 ? std::string_view() : impl_->tape.raw(key);
}

NormalizedBody Normalizer::normalize_body(const Envelope& envelope) {
  NormalizedBody made;
  impl_->items.reserve(impl_->tape.size());
  impl_->for_each_item(envelope, [&](const ItemPlace& place, const Envelope& of_item) {
    if (auto refused = impl_->items.normalize(place, of_item)) {
      made.refused.push_back(std::move(*refused));
    } else {
      ++made.accepted;
    }
  });
  made.events = impl_->items.take();
  return made;
}

std::vector<NormalizedItem> Normalizer::normalize_items(const Envelope& envelope) {
  std::vector<NormalizedItem> items;
  impl_->for_each_item(envelope, [&](const ItemPlace& place, const Envelope& of_item) {
    items.push_back(impl_->normalize_one(place, of_item));
  });
  return items;
}

}  // namespace bytebasket::events
