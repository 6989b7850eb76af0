// The compiler of expressions: recursive descent over tokens, with types checked as operands meet.
#include <array>
#include <cctype>

#include "events/money.hpp"
#include "processors/fraud/expression.hpp"

namespace bytebasket::processors::fraud {
namespace {

constexpr std::size_t deepest = 64;

enum class TokenKind : std::uint8_t { end, name, number, text, symbol, unclosed };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  ///< without the quotes of a text
  std::size_t column = 1;
};

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool continues_name(char c) { return starts_name(c) || is_digit(c) || c == '.'; }

/// The token that `rest` starts with; `rest` has no space before it.
Token first_token(std::string_view rest, std::size_t column) {
  if (rest.empty()) return {TokenKind::end, rest, column};
  const char c = rest.front();
  if (c == '\'' || c == '"') {
    const std::size_t end = rest.find(c, 1);
    if (end == std::string_view::npos) return {TokenKind::unclosed, rest, column};
    return {TokenKind::text, rest.substr(1, end - 1), column};
  }
  if (starts_name(c) || is_digit(c) || c == '-') {
    std::size_t end = 1;
    while (end < rest.size() && continues_name(rest[end])) ++end;
    return {starts_name(c) ? TokenKind::name : TokenKind::number, rest.substr(0, end), column};
  }
  const bool two = rest.size() > 1 && rest[1] == '=' &&
                   std::string_view("<>=!").find(c) != std::string_view::npos;
  return {TokenKind::symbol, rest.substr(0, two ? 2 : 1), column};
}

/// A number in millionths: a decimal, or a duration such as 1h in seconds.
std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t scale = 1;
  switch (text.back()) {
    case 's':
      break;
    case 'm':
      scale = 60;
      break;
    case 'h':
      scale = 3600;
      break;
    case 'd':
      scale = 86'400;
      break;
    default:
      scale = 0;
  }
  const auto number = events::parse_money(scale == 0 ? text : text.substr(0, text.size() - 1));
  if (!number) return std::nullopt;
  const auto scaled = events::multiply(*number, scale == 0 ? 1 : scale);
  if (!scaled) return std::nullopt;
  return scaled->value();
}

}  // namespace

class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, const Vocabulary& vocabulary)
      : text_(text), vocabulary_(vocabulary) {
    advance();
  }

  Result<Expression> parse() {
    BB_ASSIGN_OR_RETURN(expression_.root_, either(0));
    if (now_.kind != TokenKind::end) return wrong("and, or, or the end");
    return std::move(expression_);
  }

 private:
  using Op = Expression::Op;
  using Index = std::uint32_t;

  void advance() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    now_ = first_token(text_.substr(at_), at_ + 1);
    at_ += now_.text.size() + (now_.kind == TokenKind::text ? 2 : 0);
  }

  bool take(std::string_view word) {
    if ((now_.kind != TokenKind::name && now_.kind != TokenKind::symbol) || now_.text != word)
      return false;
    advance();
    return true;
  }

  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view allowed) const {
    std::string message = "character " + std::to_string(now_.column) + ": ";
    if (now_.kind == TokenKind::unclosed) {
      message += "a text that is not closed by its quote";
    } else {
      message += now_.kind == TokenKind::end ? "the end" : "'" + std::string(now_.text) + "'";
      message.append(" stands where ").append(allowed).append(" should be");
    }
    return fail(ErrorCode::invalid_argument, std::move(message));
  }

  Index add(Op op, Index left, Index right) {
    expression_.nodes_.push_back({op, left, right});
    return static_cast<Index>(expression_.nodes_.size() - 1);
  }

  Index add(Operand operand) {
    expression_.operands_.push_back(std::move(operand));
    return static_cast<Index>(expression_.operands_.size() - 1);
  }

  Result<Index> either(std::size_t depth) {
    BB_ASSIGN_OR_RETURN(Index left, both(depth));
    while (take("or")) {
      BB_ASSIGN_OR_RETURN(const Index right, both(depth));
      left = add(Op::either, left, right);
    }
    return left;
  }

  Result<Index> both(std::size_t depth) {
    BB_ASSIGN_OR_RETURN(Index left, unary(depth));
    while (take("and")) {
      BB_ASSIGN_OR_RETURN(const Index right, unary(depth));
      left = add(Op::both, left, right);
    }
    return left;
  }

  Result<Index> unary(std::size_t depth) {
    if (depth == deepest)
      return fail(ErrorCode::invalid_argument, "brackets and nots are nested deeper than 64");
    if (take("not")) {
      BB_ASSIGN_OR_RETURN(const Index inner, unary(depth + 1));
      return add(Op::negate, inner, 0);
    }
    if (take("(")) {
      BB_ASSIGN_OR_RETURN(const Index inner, either(depth + 1));
      if (!take(")")) return wrong("')'");
      return inner;
    }
    if (take("known")) return known();
    return comparison();
  }

  Result<Index> known() {
    if (!take("(")) return wrong("'('");
    BB_ASSIGN_OR_RETURN(Operand inner, operand());
    if (!take(")")) return wrong("')'");
    return add(Op::known, add(std::move(inner)), 0);
  }

  Result<Index> comparison() {
    BB_ASSIGN_OR_RETURN(Operand left, operand());
    const ValueType type = left.type;
    if (take("in")) return list(std::move(left));
    if (take("not")) {
      if (!take("in")) return wrong("'in'");
      BB_ASSIGN_OR_RETURN(const Index inner, list(std::move(left)));
      return add(Op::negate, inner, 0);
    }
    BB_ASSIGN_OR_RETURN(const Op op, comparator());
    const std::size_t column = now_.column;
    BB_ASSIGN_OR_RETURN(Operand right, operand());
    BB_RETURN_IF_ERROR(agree(type, right.type, column));
    const Index first = add(std::move(left));
    return add(op, first, add(std::move(right)));
  }

  Result<Op> comparator() {
    constexpr std::array<std::pair<std::string_view, Op>, 6> operators = {
        {{"<", Op::less},
         {"<=", Op::less_equal},
         {">", Op::greater},
         {">=", Op::greater_equal},
         {"==", Op::equal},
         {"!=", Op::not_equal}}};
    for (const auto& [symbol, op] : operators) {
      if (take(symbol)) return op;
    }
    return wrong("one of < <= > >= == != in");
  }

  Result<Index> list(Operand wanted) {
    if (wanted.type == ValueType::money) {
      return fail(ErrorCode::invalid_argument,
                  "money cannot be compared with a list: compare it with < or >");
    }
    if (!take("[")) return wrong("'['");
    const ValueType type = wanted.type;
    const Index first = add(std::move(wanted));
    do {
      const std::size_t column = now_.column;
      if (now_.kind != TokenKind::text && now_.kind != TokenKind::number)
        return wrong("a text or a number");
      BB_ASSIGN_OR_RETURN(Operand item, operand());
      BB_RETURN_IF_ERROR(agree(type, item.type, column));
      add(std::move(item));
    } while (take(","));
    if (!take("]")) return wrong("',' or ']'");
    return add(Op::in, first, static_cast<Index>(expression_.operands_.size()));
  }

  static Status agree(ValueType left, ValueType right, std::size_t column) {
    if (left == right) return ok();
    std::string message = "character " + std::to_string(column) + ": " +
                          std::string(to_string(left)) + " cannot be compared with " +
                          std::string(to_string(right));
    if (left == ValueType::money || right == ValueType::money) {
      message += "; say the limit for each currency under `amounts:` and use its name";
    }
    return fail(ErrorCode::invalid_argument, std::move(message));
  }

  Result<Operand> operand() {
    const Token token = now_;
    if (token.kind == TokenKind::name) {
      auto found = named(token.text, vocabulary_);
      if (!found) return fail(ErrorCode::invalid_argument, unknown_name(token));
      advance();
      return std::move(*found);
    }
    Operand literal;
    if (token.kind == TokenKind::text) {
      literal.kind = Operand::Kind::text;
      literal.type = ValueType::text;
      literal.text = token.text;
    } else if (const auto number =
                   token.kind == TokenKind::number ? parse_number(token.text) : std::nullopt) {
      literal.number = *number;
    } else {
      return wrong("a name, a number (3, 2.5, 1h) or a text in quotes");
    }
    advance();
    return literal;
  }

  [[nodiscard]] std::string unknown_name(const Token& token) const {
    std::string message = "character " + std::to_string(token.column) + ": unknown name '" +
                          std::string(token.text) + "'; known are the fields " +
                          attempt_field_names() + "; the features";
    for (const Feature& feature : vocabulary_.features) message.append(" ").append(feature.name);
    message += "; the amounts";
    for (const NamedAmount& amount : vocabulary_.amounts) message.append(" ").append(amount.name);
    message += "; and property.NAME";
    return message;
  }

  std::string_view text_;
  const Vocabulary& vocabulary_;
  std::size_t at_ = 0;
  Token now_;
  Expression expression_;
};

Result<Expression> Expression::compile(std::string_view text, const Vocabulary& vocabulary) {
  return ExpressionParser(text, vocabulary).parse();
}

}  // namespace bytebasket::processors::fraud
