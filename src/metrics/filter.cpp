#include "metrics/filter.hpp"

#include <algorithm>

#include "metrics/filter_node.hpp"

namespace bytebasket::metrics {
namespace {

bool holds(Comparison comparison, std::int64_t left, std::int64_t right) {
  switch (comparison) {
    case Comparison::equal:
      return left == right;
    case Comparison::not_equal:
      return left != right;
    case Comparison::less:
      return left < right;
    case Comparison::at_most:
      return left <= right;
    case Comparison::greater:
      return left > right;
    case Comparison::at_least:
      return left >= right;
  }
  return false;
}

EventKinds kinds_of_stream(bool transactions) {
  EventKinds kinds;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    kinds[i] = schema::is_transaction(static_cast<schema::EventKind>(i)) == transactions;
  }
  return kinds;
}

}  // namespace

std::string_view sign_of(Comparison comparison) {
  for (const auto& [sign, each] : comparison_signs) {
    if (each == comparison) return sign;
  }
  return "";
}

bool Filter::Node::compare_text(std::string_view text) const {
  const bool any = std::any_of(literals.begin(), literals.end(),
                               [&](const Literal& each) { return each.text == text; });
  return any == (comparison == Comparison::equal);
}

bool Filter::Node::compare_number(std::optional<std::int64_t> number) const {
  if (!number) return comparison == Comparison::not_equal;
  if (literals.size() == 1) return holds(comparison, *number, literals[0].number.value_or(0));
  const bool any = std::any_of(literals.begin(), literals.end(),
                               [&](const Literal& each) { return each.number == number; });
  return any == (comparison == Comparison::equal);
}

bool Filter::Node::compare_property(const std::optional<Property>& property) const {
  if (!property) return comparison == Comparison::not_equal;
  const bool numeric = property->millionths &&
                       std::all_of(literals.begin(), literals.end(),
                                   [](const Literal& each) { return each.number.has_value(); });
  if (numeric) return compare_number(property->millionths);
  if (comparison != Comparison::equal && comparison != Comparison::not_equal) return false;
  return compare_text(property->text);
}

bool Filter::Node::compare(const Fact& fact, PropertyReader& properties) const {
  switch (operand.kind) {
    case Operand::Kind::event:
      if (fact.event_kind == schema::EventKind::unknown)
        return compare_text(fact.dimension(Dimension::event));
      return compare_text(schema::name_of(fact.event_kind));
    case Operand::Kind::stream:
      return compare_text(schema::is_transaction(fact.event_kind) ? "transactions"
                                                                  : "user-activity");
    case Operand::Kind::refund_type:
      return compare_text(fact.refund_type);
    case Operand::Kind::visitor:
      return compare_text(fact.visitor);
    case Operand::Kind::session:
      return compare_text(fact.session);
    case Operand::Kind::customer:
      return compare_text(fact.customer);
    case Operand::Kind::dimension:
      return compare_text(fact.dimension(operand.dimension));
    case Operand::Kind::field:
      return compare_number(fact.field(operand.field));
    case Operand::Kind::property:
      return compare_property(properties.find(fact, operand.path));
  }
  return false;
}

bool Filter::Node::matches(const Fact& fact, PropertyReader& properties) const {
  const auto matches_child = [&](const auto& child) { return child->matches(fact, properties); };
  switch (kind) {
    case Kind::all_of:
      return std::all_of(children.begin(), children.end(), matches_child);
    case Kind::any_of:
      return std::any_of(children.begin(), children.end(), matches_child);
    case Kind::none_of:
      return std::none_of(children.begin(), children.end(), matches_child);
    case Kind::compare:
      return compare(fact, properties);
  }
  return false;
}

/// A superset of the event kinds that can match, and whether it is exactly those.
std::pair<EventKinds, bool> Filter::Node::event_kinds() const {
  if (kind == Kind::all_of || kind == Kind::any_of) {
    EventKinds kinds = kind == Kind::all_of ? EventKinds().set() : EventKinds();
    bool exact = true;
    for (const auto& child : children) {
      const auto [of_child, exactly] = child->event_kinds();
      kinds = kind == Kind::all_of ? kinds & of_child : kinds | of_child;
      exact = exact && exactly;
    }
    return {kinds, exact};
  }
  if (kind == Kind::none_of) {
    const auto [kinds, exact] = children[0]->event_kinds();
    return exact ? std::pair(~kinds, true) : std::pair(EventKinds().set(), false);
  }
  if (operand.kind != Operand::Kind::event && operand.kind != Operand::Kind::stream)
    return {EventKinds().set(), false};
  EventKinds kinds;
  bool exact = true;
  for (const Literal& literal : literals) {
    if (operand.kind == Operand::Kind::stream) {
      kinds |= kinds_of_stream(literal.text == "transactions");
    } else {
      kinds.set(static_cast<std::size_t>(literal.event));
      exact = exact && literal.event != schema::EventKind::unknown;
    }
  }
  if (comparison == Comparison::equal) return {kinds, exact};
  return exact ? std::pair(~kinds, true) : std::pair(EventKinds().set(), false);
}

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + '"';
}

}  // namespace

std::string Filter::Node::text() const {
  std::string out;
  if (kind == Kind::compare) {
    out =
        operand.name + (literals.size() == 1
                            ? ' ' + std::string(sign_of(comparison)) + ' '
                            : std::string(comparison == Comparison::equal ? " in [" : " not in ["));
    for (std::size_t i = 0; i < literals.size(); ++i)
      out += (i == 0 ? "" : ", ") + quoted(literals[i].text);
    return literals.size() == 1 ? out : out + ']';
  }
  if (kind == Kind::none_of) return "not (" + children[0]->text() + ')';
  for (const auto& child : children) {
    if (!out.empty()) out += kind == Kind::all_of ? " and " : " or ";
    out += '(' + child->text() + ')';
  }
  return out;
}

void Filter::collect_operands(const Node& node) {
  if (node.kind == Node::Kind::compare) operands_.push_back(node.operand.name);
  for (const auto& child : node.children) collect_operands(*child);
}

bool Filter::matches(const Fact& fact, PropertyReader& properties) const {
  return root_ == nullptr || root_->matches(fact, properties);
}

}  // namespace bytebasket::metrics
