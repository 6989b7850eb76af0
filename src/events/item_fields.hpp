// The members of one event as sent, found by name in one pass each over the event, its properties
// and its context.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "events/json_tape.hpp"
#include "events/known_keys.hpp"

namespace bytebasket::events {

/// Where a key stands twice the last one counts, as in JavaScript. 0 is "not there"; so is null.
class ItemFields {
 public:
  explicit ItemFields(const JsonTape& tape) : tape_(tape) {}

  /// Looks through `item`, an object. `shared_context` (or 0) is the batch's context: it fills what
  /// the item's lacks. `invalid_argument` where properties, traits or context are no objects.
  Status collect(NodeIndex item, NodeIndex shared_context);

  [[nodiscard]] const JsonTape& tape() const { return tape_; }
  [[nodiscard]] NodeIndex item() const { return item_; }
  [[nodiscard]] NodeIndex shared_context() const { return shared_context_; }
  [[nodiscard]] NodeIndex operator[](TopKey key) const {
    return top_[static_cast<std::size_t>(key)];
  }
  [[nodiscard]] NodeIndex operator[](PropertyKey key) const {
    return properties_[static_cast<std::size_t>(key)];
  }
  [[nodiscard]] NodeIndex operator[](ContextKey key) const {
    return context_[static_cast<std::size_t>(key)];
  }

  /// True where a context has the key `ip`, whatever its value.
  [[nodiscard]] bool names_ip() const { return names_ip_; }

  /// The members of the event, by their keys, that have no place of their own in the canonical
  /// event: unknown ones, and those whose place depends on the call or on their value.
  [[nodiscard]] const std::vector<NodeIndex>& others() const { return others_; }

  /// The text of a string, or the digits of a number (ids are often sent as numbers); empty for
  /// anything else and for 0. The view lives as long as the text that was parsed, or until the next
  /// collect().
  std::string_view text(NodeIndex index) {
    if (index == 0) return {};
    const JsonNode& node = tape_[index];
    if (node.kind == JsonKind::string) return string(index);
    return node.kind == JsonKind::number ? tape_.raw(node) : std::string_view();
  }
  /// As text(), of a member of the object `object`; empty where there is none.
  std::string_view text(NodeIndex object, std::string_view key) {
    return object == 0 ? std::string_view() : text(tape_.find(object, key));
  }
  /// What a key means; one that is spelled with escapes may be known too.
  const KeyMeaning& meaning(NodeIndex key) {
    const JsonNode& node = tape_[key];
    return meaning_of(node.verbatim ? node.known : known_key(unescaped(node)));
  }
  /// The text of a key or string node. `key_reach` readable bytes follow it.
  std::string_view string(NodeIndex index) {
    const JsonNode& node = tape_[index];
    return node.verbatim ? tape_.raw(node) : unescaped(node);
  }

 private:
  void collect_properties();
  void collect_context(NodeIndex context);
  std::string_view unescaped(const JsonNode& node);

  const JsonTape& tape_;
  NodeIndex item_ = 0;
  NodeIndex shared_context_ = 0;
  std::array<NodeIndex, top_key_count> top_{};
  std::array<NodeIndex, property_key_count> properties_{};
  std::array<NodeIndex, context_key_count> context_{};
  bool names_ip_ = false;
  std::vector<NodeIndex> others_;
  std::deque<std::string> unescaped_;
};

}  // namespace bytebasket::events
