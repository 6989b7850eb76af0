#include "events/json_tape.hpp"

#include <algorithm>

#include <simdjson.h>

#include "events/json_parser.hpp"
#include "events/json_text.hpp"

namespace bytebasket::events {

Status JsonTape::parse(std::string_view json, std::size_t max_depth, std::size_t spare) {
  nodes_.clear();
  flaws_.clear();
  long_text_ = 0;
  if (json.size() >= UINT32_MAX - TextIndex::padding)
    return fail(ErrorCode::invalid_argument, "no JSON: larger than 4 GiB");
  text_.assign(json);
  text_.append(TextIndex::padding, '\0');
  index_.mark(std::string_view(text_).substr(0, json.size()));
  return JsonParser(*this, json.size(), max_depth, spare).run();
}

bool JsonTape::is_utf8() const {
  return index_.is_ascii() || simdjson::validate_utf8(text_.data(), size());
}

std::span<const JsonFlaw> JsonTape::flaws_in(const JsonNode& node) const {
  if (flaws_.empty()) return {};
  const auto before = [](const JsonFlaw& flaw, std::uint32_t at) { return flaw.at < at; };
  const auto begin = std::lower_bound(flaws_.begin(), flaws_.end(), node.begin, before);
  const auto end = std::lower_bound(begin, flaws_.end(), node.begin + node.size, before);
  return {begin, end};
}

/// The items of a body are gone through one after another, so it is seldom far from the last one.
std::size_t JsonTape::first_long_text(NodeIndex begin) const {
  const std::span<const NodeIndex> all = nodes_.long_ones();
  if (long_text_ > 0 && all[long_text_ - 1] >= begin) long_text_ = 0;
  while (long_text_ < all.size() && all[long_text_] < begin) ++long_text_;
  return long_text_;
}

bool JsonTape::is_named(const JsonNode& node, std::string_view key) const {
  if (node.verbatim) return raw(node) == key;
  std::string name;
  append_unescaped(name, raw(node));
  return name == key;
}

NodeIndex JsonTape::find(NodeIndex object, std::string_view key) const {
  NodeIndex found = 0;
  if (nodes_[object].kind != JsonKind::object) return found;
  for_each_member(object, [&](NodeIndex name, NodeIndex value) {
    if (is_named(nodes_[name], key)) found = value;
  });
  return found;
}

void JsonTape::put_text(TextWriter& out, std::string_view text) const {
  // A view into the document is of a node without escapes, which needs none here.
  const auto place = reinterpret_cast<std::uintptr_t>(text.data());
  const auto begin = reinterpret_cast<std::uintptr_t>(text_.data());
  if (place - begin >= text_.size()) return out.put_quoted(text);
  out.put('"');
  out.put_near(text);
  out.put('"');
}

void JsonTape::put_string(TextWriter& out, const JsonNode& node) const {
  if (node.verbatim) {
    out.put_near(std::string_view(begin_of(node), node.size + std::size_t{2}));
    return;
  }
  std::string text;
  append_unescaped(text, raw(node));
  out.put_quoted(text);
}

void JsonTape::put_canonical(TextWriter& out, NodeIndex index) const {
  const JsonNode& node = nodes_[index];
  if (node.kind == JsonKind::string) return put_string(out, node);
  if (node.verbatim) return out.put_near(raw(node));
  const bool object = node.kind == JsonKind::object;
  out.put(object ? '{' : '[');
  for (NodeIndex at = index + 1; at < node.next; at = nodes_[at].next) {
    if (at != index + 1) out.put(',');
    if (object) {
      put_string(out, nodes_[at++]);
      out.put(':');
    }
    put_canonical(out, at);
  }
  out.put(object ? '}' : ']');
}

}  // namespace bytebasket::events
