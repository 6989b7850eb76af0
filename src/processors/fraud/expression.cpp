#include "processors/fraud/expression.hpp"

#include <algorithm>
#include <array>
#include <compare>

#include "base/names.hpp"

namespace bytebasket::processors::fraud {
namespace {

constexpr std::array<std::string_view, 17> field_names = {
    "amount",  "items",    "lines",  "hour",      "event",    "currency",
    "country", "device",   "source", "status",    "campaign", "coupon",
    "email",   "customer", "card",   "device_id", "ip"};

constexpr std::int64_t one = 1'000'000;
constexpr std::string_view property_prefix = "property.";

/// Whole things in millionths, held at the largest number there is.
std::int64_t counted(std::int64_t things) { return std::min(things, INT64_MAX / one) * one; }

std::optional<std::int64_t> number_of(AttemptField field, const Attempt& attempt) {
  switch (field) {
    case AttemptField::amount:
      if (attempt.amount) return attempt.amount->value();
      return std::nullopt;
    case AttemptField::items:
      return counted(attempt.items);
    case AttemptField::lines:
      return counted(attempt.lines);
    case AttemptField::hour: {
      const Timestamp day = floor_to(attempt.time, std::chrono::days(1));
      return std::chrono::floor<std::chrono::hours>(attempt.time - day).count() * one;
    }
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> amount_in(const NamedAmount& amount, events::Currency currency) {
  for (const auto& [bits, micros] : amount.by_currency) {
    if (bits == currency.bits()) return micros;
  }
  return std::nullopt;
}

std::string_view text_of(AttemptField field, const Attempt& attempt) {
  switch (field) {
    case AttemptField::event:
      return attempt.is_order ? "order" : "payment";
    case AttemptField::currency:
      return attempt.currency_text;
    case AttemptField::country:
      return attempt[Attribute::country];
    case AttemptField::device:
      return attempt.device;
    case AttemptField::source:
      return attempt.source;
    case AttemptField::status:
      return attempt.status;
    case AttemptField::campaign:
      return attempt.campaign;
    case AttemptField::coupon:
      return attempt.coupon;
    case AttemptField::email:
      return attempt.email;
    case AttemptField::customer:
      return attempt[Entity::customer];
    case AttemptField::card:
      return attempt[Entity::card];
    case AttemptField::device_id:
      return attempt[Entity::device];
    case AttemptField::ip:
      return attempt[Entity::ip];
    default:
      return {};
  }
}

Operand property_named(std::string_view name, const Vocabulary& vocabulary) {
  auto found = std::find(vocabulary.properties.begin(), vocabulary.properties.end(), name);
  if (found == vocabulary.properties.end())
    found = vocabulary.properties.insert(found, std::string(name));
  Operand operand;
  operand.kind = Operand::Kind::property;
  operand.type = ValueType::text;
  operand.index = static_cast<std::uint32_t>(found - vocabulary.properties.begin());
  return operand;
}

Truth truth(bool value) { return value ? Truth::yes : Truth::no; }

template <typename T>
Truth holds(const T& left, const T& right, bool less, bool equal, bool greater) {
  if (left < right) return truth(less);
  if (right < left) return truth(greater);
  return truth(equal);
}

}  // namespace

std::optional<AttemptField> parse_attempt_field(std::string_view name) {
  return member_named<AttemptField>(field_names, name);
}

std::string attempt_field_names() { return joined(field_names); }

std::string_view to_string(ValueType type) {
  constexpr std::array<std::string_view, 3> names = {"a number", "money", "a text"};
  return names[static_cast<std::size_t>(type)];
}

ValueType type_of(AttemptField field) {
  if (field == AttemptField::amount) return ValueType::money;
  return field <= AttemptField::hour ? ValueType::number : ValueType::text;
}

std::optional<Operand> named(std::string_view name, const Vocabulary& vocabulary) {
  Operand operand;
  for (std::uint32_t i = 0; i < vocabulary.features.size(); ++i) {
    if (vocabulary.features[i].name != name) continue;
    operand.kind = Operand::Kind::feature;
    operand.type =
        vocabulary.features[i].unit() == Unit::money ? ValueType::money : ValueType::number;
    operand.index = i;
    return operand;
  }
  for (std::uint32_t i = 0; i < vocabulary.amounts.size(); ++i) {
    if (vocabulary.amounts[i].name != name) continue;
    operand.kind = Operand::Kind::amount;
    operand.type = ValueType::money;
    operand.index = i;
    return operand;
  }
  if (name.starts_with(property_prefix) && name.size() > property_prefix.size()) {
    return property_named(name.substr(property_prefix.size()), vocabulary);
  }
  const auto field = parse_attempt_field(name);
  if (!field) return std::nullopt;
  operand.kind = Operand::Kind::field;
  operand.type = type_of(*field);
  operand.index = static_cast<std::uint32_t>(*field);
  return operand;
}

std::optional<std::int64_t> number_of(const Operand& operand, const Facts& facts) {
  switch (operand.kind) {
    case Operand::Kind::feature:
      return facts.features[operand.index].value;
    case Operand::Kind::field:
      return number_of(static_cast<AttemptField>(operand.index), facts.attempt);
    case Operand::Kind::amount:
      return amount_in(facts.amounts[operand.index], facts.attempt.currency);
    case Operand::Kind::number:
      return operand.number;
    case Operand::Kind::property:
    case Operand::Kind::text:
      break;
  }
  return std::nullopt;
}

std::string_view text_of(const Operand& operand, const Facts& facts) {
  if (operand.kind == Operand::Kind::text) return operand.text;
  if (operand.kind == Operand::Kind::property) {
    const auto& properties = facts.attempt.properties;
    return operand.index < properties.size() ? std::string_view(properties[operand.index])
                                             : std::string_view();
  }
  if (operand.kind != Operand::Kind::field) return {};
  return text_of(static_cast<AttemptField>(operand.index), facts.attempt);
}

Truth Expression::compare(const Node& node, const Facts& facts) const {
  const Operand& left = operands_[node.left];
  const Operand& right = operands_[node.right];
  const bool less = node.op == Op::less || node.op == Op::less_equal || node.op == Op::not_equal;
  const bool equal =
      node.op == Op::less_equal || node.op == Op::greater_equal || node.op == Op::equal;
  const bool greater =
      node.op == Op::greater || node.op == Op::greater_equal || node.op == Op::not_equal;
  if (left.type == ValueType::text) {
    const std::string_view a = text_of(left, facts);
    const std::string_view b = text_of(right, facts);
    if (a.empty() || b.empty()) return Truth::unknown;
    return holds(a, b, less, equal, greater);
  }
  const auto a = number_of(left, facts);
  const auto b = number_of(right, facts);
  if (!a || !b) return Truth::unknown;
  return holds(*a, *b, less, equal, greater);
}

Truth Expression::is_in(const Node& node, const Facts& facts) const {
  const Operand& wanted = operands_[node.left];
  if (wanted.type == ValueType::text) {
    const std::string_view value = text_of(wanted, facts);
    if (value.empty()) return Truth::unknown;
    for (std::uint32_t i = node.left + 1; i < node.right; ++i) {
      if (operands_[i].text == value) return Truth::yes;
    }
    return Truth::no;
  }
  const auto value = number_of(wanted, facts);
  if (!value) return Truth::unknown;
  for (std::uint32_t i = node.left + 1; i < node.right; ++i) {
    if (operands_[i].number == *value) return Truth::yes;
  }
  return Truth::no;
}

Truth Expression::evaluate(std::uint32_t index, const Facts& facts) const {
  const Node& node = nodes_[index];
  switch (node.op) {
    case Op::both: {
      const Truth left = evaluate(node.left, facts);
      return left == Truth::no ? left : std::min(left, evaluate(node.right, facts));
    }
    case Op::either: {
      const Truth left = evaluate(node.left, facts);
      return left == Truth::yes ? left : std::max(left, evaluate(node.right, facts));
    }
    case Op::negate: {
      const Truth inner = evaluate(node.left, facts);
      return inner == Truth::unknown ? inner : truth(inner == Truth::no);
    }
    case Op::known: {
      const Operand& operand = operands_[node.left];
      return truth(operand.type == ValueType::text ? !text_of(operand, facts).empty()
                                                   : number_of(operand, facts).has_value());
    }
    case Op::in:
      return is_in(node, facts);
    default:
      return compare(node, facts);
  }
}

}  // namespace bytebasket::processors::fraud
