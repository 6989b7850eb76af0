#include "metrics/derivation.hpp"

namespace bytebasket::metrics {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Derivation> parse() {
    Derivation derivation;
    BB_RETURN_IF_ERROR(parse_side(derivation.numerator));
    if (take('/')) BB_RETURN_IF_ERROR(parse_side(derivation.denominator));
    skip_spaces();
    if (at_ != text_.size()) return error("+, -, one / or the end");
    return derivation;
  }

 private:
  using Terms = std::vector<Derivation::Term>;

  Status parse_side(Terms& terms) { return parse_sum(terms, 1, 0); }

  Status parse_sum(Terms& terms, int sign, int depth) {
    if (depth > 16) return fail(error("fewer than 16 levels of parentheses").value());
    BB_RETURN_IF_ERROR(parse_term(terms, sign, depth));
    while (true) {
      if (take('+')) {
        BB_RETURN_IF_ERROR(parse_term(terms, sign, depth));
      } else if (take('-')) {
        BB_RETURN_IF_ERROR(parse_term(terms, -sign, depth));
      } else {
        return ok();
      }
    }
  }

  Status parse_term(Terms& terms, int sign, int depth) {
    if (take('(')) {
      BB_RETURN_IF_ERROR(parse_sum(terms, sign, depth + 1));
      if (!take(')')) return fail(error("')'").value());
      return ok();
    }
    skip_spaces();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
    if (at_ == start) return fail(error("the name of a metric or '('").value());
    terms.push_back({std::string(text_.substr(start, at_ - start)), sign});
    return ok();
  }

  static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  }

  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }

  bool take(char sign) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != sign) return false;
    ++at_;
    return true;
  }

  [[nodiscard]] tl::unexpected<Error> error(const std::string& expected) const {
    return fail(ErrorCode::invalid_argument, "expected " + expected + " at character " +
                                                 std::to_string(at_ + 1) + " of '" +
                                                 std::string(text_) + "'");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::string sum_text(const std::vector<Derivation::Term>& terms) {
  std::string text;
  for (const auto& [metric, sign] : terms) {
    text += sign < 0 ? (text.empty() ? "-" : " - ") : (text.empty() ? "" : " + ");
    text += metric;
  }
  return text;
}

}  // namespace

Result<Derivation> parse_derivation(std::string_view text) { return Parser(text).parse(); }

std::string to_string(const Derivation& derivation) {
  if (derivation.denominator.empty()) return sum_text(derivation.numerator);
  const auto side = [](const auto& terms) {
    return terms.size() == 1 ? sum_text(terms) : '(' + sum_text(terms) + ')';
  };
  return side(derivation.numerator) + " / " + side(derivation.denominator);
}

}  // namespace bytebasket::metrics
