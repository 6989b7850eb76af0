// The text of a `where:` → a tree of comparisons.
#include <array>
#include <optional>
#include <tuple>

#include "events/money.hpp"
#include "metrics/dimensions.hpp"
#include "metrics/fields.hpp"
#include "metrics/filter_node.hpp"

namespace bytebasket::metrics {
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

}  // namespace bytebasket::metrics
