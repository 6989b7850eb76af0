// Client JSON, taken apart without being copied: a flat list of nodes that point into the text.
//
// The parser is strict about structure (brackets, commas, colons: else it is no JSON at all) and
// forgiving about the rest: a bad number, a bad escape, a control character, a word such as NaN or
// nesting that is too deep is a *flaw* at its place. So one bad event of a batch is refused by
// itself and its neighbours are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "events/json_nodes.hpp"
#include "events/text_index.hpp"
#include "events/text_writer.hpp"

namespace bytebasket::events {

/// What is wrong inside a document whose structure is sound.
struct JsonFlaw {
  std::uint32_t at = 0;
  std::uint32_t depth = 0;  ///< of nesting that is too deep; 0 for any other flaw
  const char* what = "";
};

/// A parsed document. Reused from one parse to the next; not thread-safe.
class JsonTape {
 public:
  /// Reads one document. Containers nested deeper than `max_depth` leave a flaw, and deeper than
  /// `max_depth + spare` they are passed without nodes. `invalid_argument` says at which byte the
  /// structure is broken.
  Status parse(std::string_view json, std::size_t max_depth, std::size_t spare);

  [[nodiscard]] const JsonNode& operator[](NodeIndex index) const { return nodes_[index]; }
  /// Of the text, in bytes.
  [[nodiscard]] std::size_t size() const { return text_.size() - TextIndex::padding; }
  /// True where all of the text is valid UTF-8.
  [[nodiscard]] bool is_utf8() const;
  /// The flaws inside `node`, in order.
  [[nodiscard]] std::span<const JsonFlaw> flaws_in(const JsonNode& node) const;
  /// Calls `visit(node)` with the numbers of the strings and numbers of at least
  /// NodeList::long_size bytes among the nodes from `begin` to before `end`, in order, until it
  /// returns false.
  template <typename Visit>
  void for_each_long_text(NodeIndex begin, NodeIndex end, Visit visit) const {
    const std::span<const NodeIndex> all = nodes_.long_ones();
    for (std::size_t i = first_long_text(begin); i < all.size() && all[i] < end; ++i) {
      if (!visit(all[i])) return;
    }
  }
  /// The node's bytes as sent (inside the quotes for strings).
  [[nodiscard]] std::string_view raw(const JsonNode& node) const {
    return {text_.data() + node.begin, node.size};
  }
  [[nodiscard]] std::string_view raw(NodeIndex index) const { return raw(nodes_[index]); }
  /// The value of `key` in the object `object`; the last one where it stands there twice; 0 where
  /// there is none.
  [[nodiscard]] NodeIndex find(NodeIndex object, std::string_view key) const;

  /// Calls `visit(key, value)` with the node numbers of each member.
  template <typename Visit>
  void for_each_member(NodeIndex object, Visit visit) const {
    for (NodeIndex key = object + 1; key < nodes_[object].next; key = nodes_[key + 1].next)
      visit(key, key + 1);
  }
  /// Calls `visit(element)` with the node number of each element.
  template <typename Visit>
  void for_each_element(NodeIndex array, Visit visit) const {
    for (NodeIndex at = array + 1; at < nodes_[array].next; at = nodes_[at].next) visit(at);
  }

  /// Where the node's text begins and ends, the quotes of a string included.
  [[nodiscard]] const char* begin_of(const JsonNode& node) const {
    return text_.data() + node.begin - (node.kind == JsonKind::string ? 1 : 0);
  }
  [[nodiscard]] const char* end_of(const JsonNode& node) const {
    return text_.data() + node.begin + node.size + (node.kind == JsonKind::string ? 1 : 0);
  }

  /// Writes the node as canonical JSON: no white space, minimal escapes, numbers as they were
  /// sent.
  void put_canonical(TextWriter& out, NodeIndex index) const;
  /// Writes what is the text of a node, its escapes undone, as a string.
  void put_text(TextWriter& out, std::string_view text) const;
  /// Writes a key or string node, quotes included.
  void put_string(TextWriter& out, const JsonNode& node) const;

 private:
  friend class JsonParser;
  [[nodiscard]] std::size_t first_long_text(NodeIndex begin) const;
  [[nodiscard]] bool is_named(const JsonNode& node, std::string_view key) const;

  std::string text_;  ///< followed by padding
  TextIndex index_;
  NodeList nodes_;
  std::vector<JsonFlaw> flaws_;
  mutable std::size_t long_text_ = 0;  ///< where first_long_text() has been last
};

}  // namespace bytebasket::events
