// What is known of a transaction's fraud: the decision on it, its attempts, and what it turned out
// to be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "processors/fraud/decision.hpp"

namespace bytebasket::processors::fraud {

class JsonText;

/// What a transaction turned out to be, as somebody said at `time`.
struct Label {
  std::string text;  ///< fraud, legitimate or charged_back
  Timestamp time;
  std::string message_id;

  [[nodiscard]] bool is_fraud() const { return text != "legitimate"; }
  /// The newer label holds; message ids decide between two of the same moment, whichever arrives
  /// first.
  [[nodiscard]] bool is_newer_than(const Label& other) const {
    return time != other.time ? time > other.time : message_id > other.message_id;
  }
};
/// The member `label` of a stored document.
void put_label(JsonText& out, const Label& label);
/// The label that a text names; an empty text (a Chargeback Received) is charged_back; nullopt for
/// anything else.
std::optional<std::string> parse_label(std::string_view text);

/// A row of table `decisions`: one transaction. The decision on it is the most severe that its
/// attempts were given; the last few attempts are kept in short. Stored as the JSON document that
/// the API hands on. Not thread-safe.
class FraudCase {
 public:
  /// How many attempts are kept in short beside the most severe.
  static constexpr std::size_t kept_attempts = 20;

  struct PastDecision {
    std::string message_id;
    Timestamp time;
    std::int64_t score = 0;
    Verdict verdict = Verdict::approve;
  };

  static Result<FraudCase> decode(std::string_view json);
  [[nodiscard]] std::string encode(std::string_view transaction_id) const;
  [[nodiscard]] std::size_t bytes() const;

  void add(Decision decision);
  void set_label(Label label) { label_ = std::move(label); }

  [[nodiscard]] const std::optional<Decision>& decision() const { return decision_; }
  [[nodiscard]] const std::optional<Label>& label() const { return label_; }
  /// The answer to the attempt of that message id, as decision_json() gives it; in short (without
  /// reasons and features) where a more severe one came after it; nullopt where it is not kept.
  [[nodiscard]] std::optional<std::string> answer(std::string_view transaction_id,
                                                  std::string_view message_id) const;

  /// True where somebody should look, or should have looked.
  [[nodiscard]] bool has_alert() const {
    return decision_ && decision_->assessment.verdict != Verdict::approve;
  }
  /// open, confirmed or dismissed
  [[nodiscard]] std::string_view alert_state() const;

 private:
  std::optional<Decision> decision_;
  std::vector<PastDecision> attempts_;  ///< in the order of the log
  std::int64_t attempt_count_ = 0;
  std::optional<Label> label_;
};

/// The decision as the JSON object that answers a score request.
std::string decision_json(std::string_view transaction_id, const Decision& decision);

}  // namespace bytebasket::processors::fraud
