// The nodes that a JSON document is taken apart into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "events/keys.hpp"

namespace bytebasket::events {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

/// The number of a node; 0, the root, stands for "none" wherever a child is meant.
using NodeIndex = std::uint32_t;

/// One value or key. The children of an object are key, value, key, value, …; each value's `next`
/// is the key after it.
struct JsonNode {
  std::uint32_t begin = 0;  ///< of its text; inside the quotes for strings
  std::uint32_t size = 0;
  NodeIndex next = 0;  ///< the node after this one and all below it
  JsonKind kind = JsonKind::null;
  bool key = false;  ///< the key of a member, whose value is the next node
  /// Its text is canonical already: no white space outside strings, no escapes.
  bool verbatim = true;
  KnownKey known{};  ///< what a verbatim key is
};
static_assert(sizeof(JsonNode) == 16);

/// The nodes of a document, in memory that is used again and again.
class NodeList {
 public:
  /// From this size on a string or number is listed among the long ones.
  static constexpr std::size_t long_size = 11;

  /// The end of the list: a copy of it stays in registers while many nodes are added.
  struct Tail {
    JsonNode* nodes = nullptr;
    NodeIndex* long_ones = nullptr;
    NodeIndex size = 0;
    NodeIndex long_count = 0;

    void add(const JsonNode& node) { nodes[size++] = node; }
    /// A string or number.
    void add_text(const JsonNode& node) {
      // Written in any case: a branch would be guessed wrong too often.
      long_ones[long_count] = size;
      long_count += node.size >= long_size ? 1 : 0;
      nodes[size++] = node;
    }
  };
  [[nodiscard]] const Tail& tail() const { return tail_; }
  void set_tail(const Tail& tail) { tail_ = tail; }
  [[nodiscard]] bool has_room(const Tail& tail, NodeIndex count) const {
    return room_ - tail.size >= count;
  }

  void clear() { tail_.size = tail_.long_count = 0; }
  void add(const JsonNode& node) {
    if (!has_room(tail_, 1)) grow();
    tail_.add(node);
  }
  void add_text(const JsonNode& node) {
    if (!has_room(tail_, 1)) grow();
    tail_.add_text(node);
  }
  [[nodiscard]] NodeIndex size() const { return tail_.size; }
  JsonNode& operator[](NodeIndex index) { return tail_.nodes[index]; }
  const JsonNode& operator[](NodeIndex index) const { return tail_.nodes[index]; }
  JsonNode& back() { return tail_.nodes[tail_.size - 1]; }
  /// The nodes of long strings and numbers, in order.
  [[nodiscard]] std::span<const NodeIndex> long_ones() const {
    return {tail_.long_ones, tail_.long_count};
  }

 private:
  void grow();

  std::unique_ptr<JsonNode[]> nodes_;
  std::unique_ptr<NodeIndex[]> long_ones_;
  Tail tail_;
  NodeIndex room_ = 0;
};

}  // namespace bytebasket::events
