// The language of `when:` in fraud.yml: comparisons of features, event fields and declared amounts,
// joined by and, or, not.
//
//   card.attempts_10m >= 5 and amount < small
//   country in ['NG', 'RU'] or not known(device)
//   customer.age < 1h and property.card_country != country
//
// What an attempt does not say is unknown, and so is any comparison with it (three-valued logic): a
// rule applies only where its expression is true.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "processors/fraud/features.hpp"

namespace bytebasket::processors::fraud {

/// Fields of the attempt that expressions and reasons can name.
enum class AttemptField : std::uint8_t {
  amount,
  items,
  lines,
  hour,
  event,
  currency,
  country,
  device,
  source,
  status,
  campaign,
  coupon,
  email,
  customer,
  card,
  device_id,
  ip,
};
std::optional<AttemptField> parse_attempt_field(std::string_view name);
/// "amount, items, …": for messages.
std::string attempt_field_names();

enum class ValueType : std::uint8_t { number, money, text };
std::string_view to_string(ValueType type);
ValueType type_of(AttemptField field);

/// An amount said once for each currency, by name. `micros` by Currency::bits().
struct NamedAmount {
  std::string name;
  std::vector<std::pair<std::uint32_t, std::int64_t>> by_currency;
};

/// What names can stand for.
struct Vocabulary {
  std::span<const Feature> features;
  std::span<const NamedAmount> amounts;
  std::vector<std::string>& properties;  ///< gets the names of the properties that are met
};

/// What an expression is evaluated over. `features` are the values in the order of the vocabulary's
/// features.
struct Facts {
  const Attempt& attempt;
  std::span<const FeatureValue> features;
  std::span<const NamedAmount> amounts;
};

/// Something that has a value for an attempt.
struct Operand {
  enum class Kind : std::uint8_t { feature, field, property, amount, number, text };
  Kind kind = Kind::number;
  ValueType type = ValueType::number;
  std::uint32_t index = 0;  ///< of the feature, property or named amount, or the AttemptField
  std::int64_t number = 0;  ///< of a literal, in millionths
  std::string text;         ///< of a literal
};
/// The operand that a name stands for; nullopt for an unknown name.
/// `property.NAME` is the text of any property of the event.
std::optional<Operand> named(std::string_view name, const Vocabulary& vocabulary);
std::optional<std::int64_t> number_of(const Operand& operand, const Facts& facts);
/// Empty: unknown.
std::string_view text_of(const Operand& operand, const Facts& facts);

enum class Truth : std::uint8_t { no, unknown, yes };

/// A compiled expression. Immutable.
class Expression {
 public:
  /// `invalid_argument` says at which character something is wrong and what is allowed there.
  static Result<Expression> compile(std::string_view text, const Vocabulary& vocabulary);

  [[nodiscard]] Truth evaluate(const Facts& facts) const { return evaluate(root_, facts); }

 private:
  friend class ExpressionParser;
  enum class Op : std::uint8_t {
    both,
    either,
    negate,
    known,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    in
  };
  struct Node {
    Op op = Op::both;
    std::uint32_t left = 0;   ///< node, or the first operand
    std::uint32_t right = 0;  ///< node, or the second operand; for `in` one past the last of the
                              ///< list that follows left
  };

  [[nodiscard]] Truth evaluate(std::uint32_t node, const Facts& facts) const;
  [[nodiscard]] Truth compare(const Node& node, const Facts& facts) const;
  [[nodiscard]] Truth is_in(const Node& node, const Facts& facts) const;

  std::vector<Node> nodes_;
  std::vector<Operand> operands_;
  std::uint32_t root_ = 0;
};

}  // namespace bytebasket::processors::fraud
