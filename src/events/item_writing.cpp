// The canonical text of an item that was read: its own event, and an order's marker behind it.
#include "events/canonical_head.hpp"
#include "events/item_normalizer.hpp"
#include "events/money_text.hpp"

namespace bytebasket::events {
namespace {

constexpr std::string_view marker_suffix = "/marker";

/// The event's head, with what the item itself says of its dimensions.
CanonicalHead head_of(const Event& event, const Dimensions& dimensions) {
  CanonicalHead head = CanonicalHead::of(event);
  head.source = dimensions.source;
  head.session_id = dimensions.session_id;
  head.country = dimensions.country;
  head.device = dimensions.device;
  head.campaign = dimensions.campaign;
  return head;
}

}  // namespace

Status ItemNormalizer::write(const Envelope& envelope) {
  put_canonical_head(out_, head_of(event_, dimensions_),
                     [this](std::string_view text) { tape_.put_text(out_, text); });
  out_.put(R"(,"properties":)");
  BB_RETURN_IF_ERROR(property_writer_.write(out_, fields_, event_));
  write_implied();
  BB_RETURN_IF_ERROR(check_order());
  if (fields_[TopKey::traits] != 0) {
    out_.put(R"(,"traits":)");
    tape_.put_canonical(out_, fields_[TopKey::traits]);
  }
  const bool from_a_person =
      dimensions_.source == Source::web || dimensions_.source == Source::mobile;
  write_context(from_a_person && fields_.text(fields_[ContextKey::ip]).empty()
                    ? envelope.remote_address
                    : std::string_view());
  write_unknown();
  out_.put('}');
  return ok();
}

/// The property that an old name of the event stands for, put behind the others.
void ItemNormalizer::write_implied() {
  if (implied_.property.empty()) return;
  const NodeIndex properties = fields_[TopKey::properties];
  if (properties != 0 && tape_.find(properties, implied_.property) != 0) return;
  out_.take_back();
  if (out_.last() != '{') out_.put(',');
  out_.put_quoted(implied_.property);
  out_.put(':');
  out_.put_quoted(implied_.value);
  out_.put('}');
}

void ItemNormalizer::write_context(std::string_view remote_address) {
  const NodeIndex own = fields_[TopKey::context];
  const NodeIndex shared = fields_.shared_context();
  if (own == 0 && shared == 0 && remote_address.empty()) return;
  out_.put(R"(,"context":)");
  if (own != 0 && shared == 0 && (remote_address.empty() || !fields_.names_ip())) {
    tape_.put_canonical(out_, own);
  } else {
    merge_contexts(own, shared, !remote_address.empty());
  }
  if (remote_address.empty()) return;
  out_.take_back();
  if (out_.last() != '{') out_.put(',');
  put_member(out_, R"("ip":)", remote_address);
  out_.put('}');
}

/// The event's own context, and what only the batch's has.
void ItemNormalizer::merge_contexts(NodeIndex own, NodeIndex shared, bool without_ip) {
  char separator = '{';
  const auto put = [&](NodeIndex key, NodeIndex value) {
    if (without_ip && fields_.meaning(key).context == ContextKey::ip) return;
    out_.put(separator);
    separator = ',';
    tape_.put_string(out_, tape_[key]);
    out_.put(':');
    tape_.put_canonical(out_, value);
  };
  if (own != 0) tape_.for_each_member(own, put);
  if (shared != 0) {
    tape_.for_each_member(shared, [&](NodeIndex key, NodeIndex value) {
      if (own == 0 || tape_.find(own, fields_.string(key)) == 0) put(key, value);
    });
  }
  if (separator == '{') out_.put('{');
  out_.put('}');
}

bool ItemNormalizer::is_consumed(TopKey key) const {
  switch (key) {
    case TopKey::other:
      return false;
    case TopKey::event:
      return event_.type == CallType::track;
    case TopKey::name:
      return event_.type == CallType::page || event_.type == CallType::screen;
    default:
      return true;
  }
}

void ItemNormalizer::write_unknown() {
  for (const NodeIndex key : fields_.others()) {
    const NodeIndex value = key + 1;
    const TopKey known = fields_.meaning(key).top;
    // What should say a dimension and does not is kept under another name, for the canonical one is
    // taken.
    const bool dimension =
        known >= TopKey::source && known <= TopKey::campaign && tape_[value].kind != JsonKind::null;
    const std::string_view text = dimension ? fields_.text(value) : std::string_view();
    const bool unusable = (known == TopKey::source && !parse_source(text)) ||
                          (known == TopKey::session_id && text != dimensions_.session_id) ||
                          (known == TopKey::country && text.size() != 2) ||
                          (known == TopKey::device && text.empty()) ||
                          (known == TopKey::campaign && text != dimensions_.campaign);
    if (is_consumed(known) && !(dimension && unusable)) continue;
    out_.put(',');
    if (dimension) {
      const std::string_view name = fields_.string(key);
      out_.put("\"original");
      out_.put(static_cast<char>(name.front() - 32));
      out_.put(name.substr(1));
      out_.put('"');
    } else {
      tape_.put_string(out_, tape_[key]);
    }
    out_.put(':');
    tape_.put_canonical(out_, value);
  }
}

/// Behind the order itself.
void ItemNormalizer::write_marker() {
  Event marked = event_;
  const std::string id = std::string(event_.message_id) + std::string(marker_suffix);
  marked.kind = EventKind::order_marked;
  marked.name = schema::name_of(marked.kind);
  marked.message_id = id;
  block_.begin();
  put_canonical_head(out_, head_of(marked, dimensions_));
  put_member(out_, R"(,"properties":{"order_id":)", event_.order_id);
  if (const auto revenue = revenue_of(event_)) {
    out_.put(R"(,"revenue":)");
    out_.written_to(write_money_shortest(out_.room(longest_money), *revenue));
  }
  put_member_if_any(out_, R"(,"currency":)", event_.currency.text());
  put_member_if_any(out_, R"(,"cart_id":)", event_.cart_id);
  put_member_if_any(out_, R"(,"checkout_id":)", event_.checkout_id);
  put_count_if_any(out_, R"(,"total_quantity":)", event_.total_quantity);
  put_count_if_any(out_, R"(,"line_count":)", event_.line_count);
  out_.put('}');
  if (const std::string_view app = fields_.text(fields_[ContextKey::app], "name"); !app.empty()) {
    put_member(out_, R"(,"context":{"app":{"name":)", app);
    out_.put("}}");
  }
  out_.put('}');
  block_.add(event_.visitor(), false, event_.time, received_at_);
}

}  // namespace bytebasket::events
