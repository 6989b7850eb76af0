// `properties` as sent → canonical `properties`, and what an order is worth while passing over it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "events/canonical_copy.hpp"
#include "events/event.hpp"
#include "events/item_fields.hpp"

namespace bytebasket::events {

/// Writes the properties of one event after another. Amounts of money become their shortest exact
/// decimals, quantities integers, currencies upper case, V1 names (`orderId`, a line's `id`) those
/// of today; the rest stays as it is. For events of the vocabulary an amount, quantity, currency or
/// product list that makes no sense is an error that names it; in any other event it is kept as
/// sent. Not thread-safe.
class PropertyWriter {
 public:
  /// Writes the object to `out`. `event.kind` is known; its money, ids, currency and lines are
  /// filled in.
  Status write(TextWriter& out, ItemFields& fields, Event& event);

 private:
  /// Where in the event a member stands, for messages: `properties.products[2].`
  struct Place {
    std::string_view object;
    std::size_t line = 0;
    [[nodiscard]] std::string of(std::string_view name) const;
  };

  bool copies_as_sent(NodeIndex key);
  Status write_member(NodeIndex key, NodeIndex object, const Place& place, Line* line);
  Status write_products(NodeIndex value);
  Status write_line(NodeIndex element, const Place& place);
  Status write_money(NodeIndex value, PropertyKey key, const Place& place, Line* line);
  Status write_count(NodeIndex value, PropertyKey key, const Place& place, Line* line);
  Status write_currency(NodeIndex value, const Place& place);
  void write_number(NodeIndex value, std::string_view digits);
  [[nodiscard]] bool says_nothing(NodeIndex value) const;
  void remember(PropertyKey key, NodeIndex value);
  [[nodiscard]] PropertyKey renamed(const KeyMeaning& sent, NodeIndex object, bool line) const;
  /// Keeps the value as sent, or, in an event of the vocabulary, says what is wrong with it.
  Status keep_or_refuse(NodeIndex value, std::string reason);

  std::optional<CanonicalCopy> copy_;
  ItemFields* fields_ = nullptr;
  Event* event_ = nullptr;
  bool strict_ = false;
  std::vector<Line> lines_;
};

}  // namespace bytebasket::events
