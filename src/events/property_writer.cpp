#include "events/property_writer.hpp"

#include <algorithm>
#include <array>

#include "events/money_text.hpp"

namespace bytebasket::events {
namespace {

constexpr std::int64_t most_pieces = 1'000'000;
constexpr std::int64_t micros_per_unit = 1'000'000;

std::optional<Micros>* money_of(Event& event, PropertyKey key) {
  switch (key) {
    case PropertyKey::revenue:
      return &event.revenue;
    case PropertyKey::total:
      return &event.total;
    case PropertyKey::subtotal:
      return &event.subtotal;
    case PropertyKey::shipping:
      return &event.shipping;
    case PropertyKey::tax:
      return &event.tax;
    case PropertyKey::discount:
      return &event.discount;
    case PropertyKey::value:
      return &event.value;
    default:
      return nullptr;
  }
}

}  // namespace

std::string PropertyWriter::Place::of(std::string_view name) const {
  std::string text(object);
  if (object == "properties.products") text += "[" + std::to_string(line) + "]";
  return text + "." + std::string(name);
}

Status PropertyWriter::write(TextWriter& out, ItemFields& fields, Event& event) {
  fields_ = &fields;
  event_ = &event;
  strict_ = event.kind != EventKind::unknown;
  lines_.clear();
  const NodeIndex properties = fields[TopKey::properties];
  if (properties == 0) {
    out.put("{}");
    return ok();
  }
  const Place place{"properties"};
  const JsonTape& tape = fields.tape();
  copy_.emplace(tape, properties, out);
  copy_->open(properties);
  for (NodeIndex key = properties + 1; key < tape[properties].next; key = tape[key + 1].next) {
    if (!copies_as_sent(key)) BB_RETURN_IF_ERROR(write_member(key, properties, place, nullptr));
  }
  copy_->close(properties);
  copy_->finish();
  event.lines = lines_;
  fill_in_counts(event);
  return ok();
}

/// What a property is called in the canonical event.
PropertyKey PropertyWriter::renamed(const KeyMeaning& sent, NodeIndex object, bool line) const {
  PropertyKey known = sent.property;
  if (!sent.is_alias) return known;
  if (known == PropertyKey::id)
    known = line || is_one_product(event_->kind) ? PropertyKey::product_id : PropertyKey::other;
  // An alias gives way to the name it stands for.
  return fields_->tape().find(object, name_of(known)) != 0 ? PropertyKey::other : known;
}

/// True for a member that stays as it is and of which nothing is remembered: most are. It is copied
/// then.
inline bool PropertyWriter::copies_as_sent(NodeIndex key) {
  const KeyMeaning& sent = fields_->meaning(key);
  if (sent.is_alias || sent.form != PropertyForm::any) return false;
  if (sent.property != PropertyKey::other && sent.property <= PropertyKey::checkout_id)
    return false;
  copy_->key(key);
  copy_->value(key + 1);
  return true;
}

Status PropertyWriter::write_member(NodeIndex key, NodeIndex object, const Place& place,
                                    Line* line) {
  const KeyMeaning& sent = fields_->meaning(key);
  const PropertyKey known = renamed(sent, object, line != nullptr);
  const NodeIndex value = key + 1;
  if (known == PropertyKey::other || !sent.is_alias) {
    copy_->key(key);
  } else {
    copy_->key(key, name_of(known));
  }
  switch (form_of(known)) {
    case PropertyForm::money:
      return write_money(value, known, place, line);
    case PropertyForm::count:
      return write_count(value, known, place, line);
    case PropertyForm::currency:
      if (line == nullptr) return write_currency(value, place);
      break;
    case PropertyForm::products:
      if (line == nullptr) return write_products(value);
      break;
    case PropertyForm::any:
      if (line == nullptr) remember(known, value);
  }
  copy_->value(value);
  return ok();
}

Status PropertyWriter::write_products(NodeIndex value) {
  const JsonTape& tape = fields_->tape();
  lines_.clear();
  if (tape[value].kind == JsonKind::null) {
    copy_->value(value, "[]");
    return ok();
  }
  if (tape[value].kind != JsonKind::array)
    return keep_or_refuse(value, "properties.products must be an array");
  Place place{"properties.products"};
  copy_->open(value);
  for (NodeIndex element = value + 1; element < tape[value].next;
       element = tape[element].next, ++place.line) {
    BB_RETURN_IF_ERROR(write_line(element, place));
  }
  copy_->close(value);
  return ok();
}

Status PropertyWriter::write_line(NodeIndex element, const Place& place) {
  const JsonTape& tape = fields_->tape();
  if (tape[element].kind != JsonKind::object) {
    return keep_or_refuse(
        element, "properties.products[" + std::to_string(place.line) + "] must be an object");
  }
  Line& line = lines_.emplace_back();
  copy_->open(element);
  for (NodeIndex key = element + 1; key < tape[element].next; key = tape[key + 1].next) {
    if (!copies_as_sent(key)) BB_RETURN_IF_ERROR(write_member(key, element, place, &line));
  }
  copy_->close(element);
  return ok();
}

/// True for null and the empty string, which stand for "not known".
bool PropertyWriter::says_nothing(NodeIndex value) const {
  const JsonNode& node = fields_->tape()[value];
  return node.kind == JsonKind::null || (node.kind == JsonKind::string && node.size == 0);
}

/// Most numbers are sent as they are to be.
void PropertyWriter::write_number(NodeIndex value, std::string_view digits) {
  const JsonNode& node = fields_->tape()[value];
  if (node.kind == JsonKind::number && fields_->tape().raw(node) == digits) {
    copy_->value(value);
  } else {
    copy_->value(value, digits);
  }
}

Status PropertyWriter::write_money(NodeIndex value, PropertyKey key, const Place& place,
                                   Line* line) {
  if (says_nothing(value)) {
    copy_->value(value);
    return ok();
  }
  const std::string_view text = fields_->text(value);
  if (text.empty())
    return keep_or_refuse(value, place.of(name_of(key)) + " must be an amount of money");
  const auto plain = read_plain_money(text);
  const Result<Micros> amount = plain ? *plain : parse_money(text);
  if (!amount) return keep_or_refuse(value, place.of(name_of(key)) + ": " + amount.error().message);
  if (line != nullptr && key == PropertyKey::price) line->price = *amount;
  if (line == nullptr) {
    if (auto* const field = money_of(*event_, key); field != nullptr) *field = *amount;
  }
  if (plain && fields_->tape()[value].kind == JsonKind::number && is_shortest_money(text)) {
    copy_->value(value);
    return ok();
  }
  std::array<char, longest_money> digits;
  const char* const end = write_money_shortest(digits.data(), *amount);
  copy_->value(value, {digits.data(), end});
  return ok();
}

Status PropertyWriter::write_count(NodeIndex value, PropertyKey key, const Place& place,
                                   Line* line) {
  if (says_nothing(value)) {
    copy_->value(value);
    return ok();
  }
  const std::string_view text = fields_->text(value);
  const auto amount = parse_money(text);
  const std::int64_t micros = amount ? amount->value() : -1;
  if (micros < 0 || micros % micros_per_unit != 0 || micros / micros_per_unit > most_pieces) {
    return keep_or_refuse(value, place.of(name_of(key)) + " must be a whole number from 0 to " +
                                     std::to_string(most_pieces));
  }
  const std::int64_t pieces = micros / micros_per_unit;
  if (line != nullptr && key == PropertyKey::quantity) line->quantity = pieces;
  if (line == nullptr && key == PropertyKey::total_quantity) event_->total_quantity = pieces;
  if (line == nullptr && key == PropertyKey::line_count) event_->line_count = pieces;
  write_number(value, std::to_string(pieces));
  return ok();
}

Status PropertyWriter::write_currency(NodeIndex value, const Place& place) {
  if (says_nothing(value)) {
    copy_->value(value);
    return ok();
  }
  const std::string_view text = fields_->text(value);
  const auto currency = Currency::parse(text);
  if (!currency)
    return keep_or_refuse(value,
                          place.of("currency") + " must be an ISO 4217 code, for example EUR");
  event_->currency = *currency;
  const bool upper = std::all_of(text.begin(), text.end(), [](char c) { return c <= 'Z'; });
  if (upper) {
    copy_->value(value);
  } else {
    copy_->value(value, '"' + currency->text() + '"');
  }
  return ok();
}

void PropertyWriter::remember(PropertyKey key, NodeIndex value) {
  if (key > PropertyKey::checkout_id) return;
  if (key == PropertyKey::order_id) event_->order_id = fields_->text(value);
  if (key == PropertyKey::cart_id) event_->cart_id = fields_->text(value);
  if (key == PropertyKey::checkout_id) event_->checkout_id = fields_->text(value);
}

Status PropertyWriter::keep_or_refuse(NodeIndex value, std::string reason) {
  if (strict_) return fail(ErrorCode::invalid_argument, std::move(reason));
  copy_->value(value);
  return ok();
}

}  // namespace bytebasket::events
