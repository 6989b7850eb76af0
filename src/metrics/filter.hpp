// The `where:` of a metric: which facts count.
//
//   event = "Product Viewed" and source in [web, mobile] and not (price < 10 or properties.gift =
//   true)
//
// Names are dimensions, fields, `refund_type`, `stream` and `properties.<path>`. Texts compare with
// = != in; numbers also with < <= > >=. Money is written in units (`revenue >= 100.50`). What a
// fact lacks equals nothing and compares with nothing: every comparison is false but `!=`, which is
// true.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "metrics/fact.hpp"
#include "metrics/properties.hpp"

namespace bytebasket::metrics {

using EventKinds = std::bitset<schema::event_kind_count>;

/// A parsed expression. Copies share it. Default-constructed: everything counts. Thread-safe to
/// evaluate.
class Filter {
 public:
  Filter() = default;
  /// `invalid_argument` names the place and what is allowed there.
  static Result<Filter> parse(std::string_view text);

  /// `properties` reads the fact's event when a comparison asks for it.
  [[nodiscard]] bool matches(const Fact& fact, PropertyReader& properties) const;

  /// Only facts of these event kinds can match (of kinds of facts that carry one).
  [[nodiscard]] const EventKinds& event_kinds() const { return event_kinds_; }
  /// True where the event kind alone decides.
  [[nodiscard]] bool decided_by_event_kind() const { return decided_by_event_kind_; }
  /// The expression in one canonical spelling; empty for the filter that lets everything through.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// The names on the left of its comparisons.
  [[nodiscard]] const std::vector<std::string>& operands() const { return operands_; }

  struct Node;

 private:
  void collect_operands(const Node& node);

  std::shared_ptr<const Node> root_;
  EventKinds event_kinds_ = EventKinds().set();
  bool decided_by_event_kind_ = true;
  std::string text_;
  std::vector<std::string> operands_;
};

}  // namespace bytebasket::metrics
