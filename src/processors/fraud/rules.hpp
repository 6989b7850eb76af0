// The compiled form of fraud.yml: features, amounts, rules and thresholds; and their verdict on an
// attempt.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "processors/fraud/decision.hpp"
#include "processors/fraud/expression.hpp"
#include "processors/fraud/features.hpp"

namespace bytebasket::processors::fraud {

/// A reason's text with {names} to fill in.
class ReasonTemplate {
 public:
  /// `invalid_argument` names the unknown name and what is known.
  static Result<ReasonTemplate> compile(std::string_view text, const Vocabulary& vocabulary);
  [[nodiscard]] std::string fill(const Facts& facts) const;

 private:
  std::vector<std::variant<std::string, Operand>> parts_;
};

struct Rule {
  std::string name;
  Expression when;
  std::int64_t score = 0;  ///< may be negative: a sign of trust
  bool decline = false;    ///< declines whatever the score
  ReasonTemplate reason;
};

/// Immutable once compiled: shared freely between threads.
class RuleSet {
 public:
  /// Compiles the text of a fraud.yml. `file` is its name for messages. `invalid_argument` lists
  /// every error, one a line, as `file:line: what is wrong and what is allowed`. `version` is the
  /// definition's hash; empty: hash64 of the text.
  static Result<std::shared_ptr<const RuleSet>> compile(std::string_view document,
                                                        std::string_view file,
                                                        std::string_view version = {});

  /// Judges an attempt by the attempts before it.
  [[nodiscard]] Assessment assess(const Attempt& attempt, const PastAttempt& remembered,
                                  const Velocities& velocities) const;

  /// How many attempts a velocity row may hold.
  [[nodiscard]] std::size_t velocity_entries() const { return velocity_entries_; }
  [[nodiscard]] const std::string& version() const { return version_; }
  /// The properties of events that the rules name: an Attempt brings their values, in this order.
  [[nodiscard]] const std::vector<std::string>& properties() const { return properties_; }
  [[nodiscard]] const std::vector<Feature>& features() const { return features_; }
  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }

 private:
  friend class RulesReader;

  std::string version_;
  std::int64_t review_ = 40;
  std::int64_t decline_ = 75;
  std::size_t velocity_entries_ = 2000;
  std::vector<NamedAmount> amounts_;
  std::vector<std::string> properties_;
  std::vector<Feature> features_;
  std::vector<Rule> rules_;
};

}  // namespace bytebasket::processors::fraud
