#include "metrics/filter.hpp"

#include <algorithm>
#include <optional>
#include <variant>

#include "metrics/dimensions.hpp"
#include "metrics/fields.hpp"

namespace bytebasket::metrics {
namespace {

enum class Comparison : std::uint8_t { equal, not_equal, less, at_most, greater, at_least };

constexpr std::array<std::pair<std::string_view, Comparison>, 6> comparison_signs = {{
    {"!=", Comparison::not_equal},
    {"<=", Comparison::at_most},
    {">=", Comparison::at_least},
    {"=", Comparison::equal},
    {"<", Comparison::less},
    {">", Comparison::greater},
}};

std::string_view sign_of(Comparison comparison) {
  for (const auto& [sign, each] : comparison_signs) {
    if (each == comparison) return sign;
  }
  return "";
}

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

/// What a comparison looks at.
struct Operand {
  enum class Kind : std::uint8_t {
    event,
    stream,
    refund_type,
    visitor,
    session,
    customer,
    dimension,
    field,
    property
  };
  Kind kind = Kind::dimension;
  Dimension dimension{};
  Field field{};
  std::string path;
  std::string name;
};

/// What it is compared with. `number` is in the operand's own unit.
struct Literal {
  std::string text;
  std::optional<std::int64_t> number;
  schema::EventKind event = schema::EventKind::unknown;
};

EventKinds kinds_of_stream(bool transactions) {
  EventKinds kinds;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    kinds[i] = schema::is_transaction(static_cast<schema::EventKind>(i)) == transactions;
  }
  return kinds;
}

}  // namespace

struct Filter::Node {
  enum class Kind : std::uint8_t { all_of, any_of, none_of, compare };
  Kind kind = Kind::compare;
  std::vector<std::shared_ptr<const Node>> children;
  Operand operand;
  Comparison comparison = Comparison::equal;  ///< with several literals: `=` any of them, `!=` none
  std::vector<Literal> literals;

  [[nodiscard]] bool matches(const Fact& fact, PropertyReader& properties) const;
  [[nodiscard]] std::pair<EventKinds, bool> event_kinds() const;
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] bool compare(const Fact& fact, PropertyReader& properties) const;
  [[nodiscard]] bool compare_text(std::string_view text) const;
  [[nodiscard]] bool compare_number(std::optional<std::int64_t> number) const;
  [[nodiscard]] bool compare_property(const std::optional<Property>& property) const;
};

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

namespace {

/// Recursive descent over the expression: or < and < not < comparison.
class Parser {
 public:
  using Node = Filter::Node;
  using NodeResult = Result<std::shared_ptr<const Node>>;

  explicit Parser(std::string_view text) : text_(text) {}

  NodeResult parse() {
    BB_ASSIGN_OR_RETURN(auto root, parse_chain(Node::Kind::any_of));
    skip_spaces();
    if (at_ != text_.size()) return error("'and', 'or' or the end");
    return root;
  }

 private:
  static constexpr int max_depth = 64;

  /// `x or y or z`, or one level down `x and y and z`.
  NodeResult parse_chain(Node::Kind kind) {
    const bool any = kind == Node::Kind::any_of;
    auto node = std::make_shared<Node>();
    node->kind = kind;
    do {
      BB_ASSIGN_OR_RETURN(auto child, any ? parse_chain(Node::Kind::all_of) : parse_factor());
      node->children.push_back(std::move(child));
    } while (take_word(any ? "or" : "and"));
    if (node->children.size() == 1) return node->children[0];
    return std::shared_ptr<const Node>(std::move(node));
  }

  NodeResult parse_factor() {
    if (++depth_ > max_depth) return error("fewer than 64 levels of nesting");
    if (take_word("not")) {
      BB_ASSIGN_OR_RETURN(auto child, parse_factor());
      --depth_;
      auto node = std::make_shared<Node>();
      node->kind = Node::Kind::none_of;
      node->children.push_back(std::move(child));
      return std::shared_ptr<const Node>(std::move(node));
    }
    if (take("(")) {
      BB_ASSIGN_OR_RETURN(auto inner, parse_chain(Node::Kind::any_of));
      if (!take(")")) return error("')'");
      --depth_;
      return inner;
    }
    --depth_;
    return parse_comparison();
  }

  NodeResult parse_comparison() {
    auto node = std::make_shared<Node>();
    BB_ASSIGN_OR_RETURN(node->operand, parse_operand());
    const bool negated = take_word("not");
    if (take_word("in")) {
      node->comparison = negated ? Comparison::not_equal : Comparison::equal;
      BB_RETURN_IF_ERROR(parse_list(*node));
      return std::shared_ptr<const Node>(std::move(node));
    }
    const auto comparison = negated ? std::nullopt : take_comparison();
    if (!comparison) return error(negated ? "'in'" : "one of = != < <= > >= in");
    node->comparison = *comparison;
    BB_ASSIGN_OR_RETURN(Literal literal, parse_literal(node->operand));
    const bool ordered = *comparison != Comparison::equal && *comparison != Comparison::not_equal;
    if (ordered && node->operand.kind != Operand::Kind::field &&
        node->operand.kind != Operand::Kind::property) {
      return error("= != or in: '" + node->operand.name + "' is a text");
    }
    if (ordered && !literal.number) {
      return error("a number on the right of " + std::string(sign_of(*comparison)));
    }
    node->literals.push_back(std::move(literal));
    return std::shared_ptr<const Node>(std::move(node));
  }

  Status parse_list(Node& node) {
    if (!take("[")) return fail(error("'['").value());
    do {
      BB_ASSIGN_OR_RETURN(Literal literal, parse_literal(node.operand));
      node.literals.push_back(std::move(literal));
    } while (take(","));
    if (!take("]")) return fail(error("',' or ']'").value());
    return ok();
  }

  Result<Operand> parse_operand() {
    const std::size_t start = skip_spaces();
    const std::string name(take_name());
    Operand operand{.name = name};
    using Kind = Operand::Kind;
    static constexpr std::array<std::pair<std::string_view, Kind>, 6> plain = {
        {{"event", Kind::event},
         {"stream", Kind::stream},
         {"refund_type", Kind::refund_type},
         {"visitor", Kind::visitor},
         {"session", Kind::session},
         {"customer", Kind::customer}}};
    for (const auto& [each, kind] : plain) {
      if (each != name) continue;
      operand.kind = kind;
      return operand;
    }
    if (const auto field = field_named(name)) {
      operand.kind = Kind::field;
      operand.field = *field;
      return operand;
    }
    if (const auto dimension = dimension_named(name)) {
      operand.dimension = *dimension;
      return operand;
    }
    if (name.starts_with("properties.") && name.size() > 11) {
      operand.kind = Kind::property;
      operand.path = name.substr(11);
      return operand;
    }
    at_ = start;
    return fail(
        error("a dimension, a field (" + field_names() +
              "), event, stream, refund_type, visitor, session, customer or properties.<name>")
            .value());
  }

  Result<Literal> parse_literal(const Operand& operand) {
    const std::size_t start = skip_spaces();
    Literal literal;
    const bool in_quotes = at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'');
    if (in_quotes) {
      BB_ASSIGN_OR_RETURN(literal.text, take_quoted());
    } else {
      literal.text = take_name();
      if (literal.text.empty()) return fail(error("a text or a number").value());
    }
    if (operand.kind == Operand::Kind::field) {
      literal.number = parse_field_value(operand.field, literal.text);
      if (!literal.number) {
        at_ = start;
        return fail(error("a number that fits '" + operand.name + "'").value());
      }
    } else if (operand.kind == Operand::Kind::property && !in_quotes) {
      if (const auto number = events::parse_money(literal.text)) literal.number = number->value();
    } else if (operand.kind == Operand::Kind::stream && literal.text != "user-activity" &&
               literal.text != "transactions") {
      at_ = start;
      return fail(error("user-activity or transactions").value());
    } else if (operand.kind == Operand::Kind::event) {
      literal.event = schema::event_kind(literal.text);
      if (literal.event != schema::EventKind::unknown)
        literal.text = schema::name_of(literal.event);
    }
    return literal;
  }

  std::size_t skip_spaces() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
    return at_;
  }

  bool take(std::string_view token) {
    skip_spaces();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-' || c == '+' || c == '$';
  }

  std::string_view take_name() {
    const std::size_t start = skip_spaces();
    while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  bool take_word(std::string_view word) {
    const std::size_t start = skip_spaces();
    if (take_name() == word) return true;
    at_ = start;
    return false;
  }

  std::optional<Comparison> take_comparison() {
    for (const auto& [sign, comparison] : comparison_signs) {
      if (take(sign)) return comparison;
    }
    return std::nullopt;
  }

  Result<std::string> take_quoted() {
    const char quote = text_[at_++];
    std::string out;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out.push_back(text_[at_++]);
    }
    if (at_ == text_.size()) return fail(error("the closing " + std::string(1, quote)).value());
    ++at_;
    return out;
  }

  [[nodiscard]] tl::unexpected<Error> error(const std::string& expected) const {
    const std::string_view rest = text_.substr(at_);
    return fail(
        ErrorCode::invalid_argument,
        "expected " + expected +
            (rest.empty() ? " at the end" : " at '" + std::string(rest.substr(0, 24)) + "'") +
            " (character " + std::to_string(at_ + 1) + ")");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Filter> Filter::parse(std::string_view text) {
  BB_ASSIGN_OR_RETURN(auto root, Parser(text).parse());
  Filter filter;
  std::tie(filter.event_kinds_, filter.decided_by_event_kind_) = root->event_kinds();
  filter.text_ = root->text();
  filter.collect_operands(*root);
  filter.root_ = std::move(root);
  return filter;
}

void Filter::collect_operands(const Node& node) {
  if (node.kind == Node::Kind::compare) operands_.push_back(node.operand.name);
  for (const auto& child : node.children) collect_operands(*child);
}

bool Filter::matches(const Fact& fact, PropertyReader& properties) const {
  return root_ == nullptr || root_->matches(fact, properties);
}

}  // namespace bytebasket::metrics
