#include "events/json_tape.hpp"

#include <algorithm>

#include "events/json_parser.hpp"
#include "events/json_text.hpp"

namespace bytebasket::events {

Status JsonTape::parse(std::string_view json, std::size_t max_depth, std::size_t spare) {
  nodes_.clear();
  flaws_.clear();
  if (json.size() >= UINT32_MAX - StopIndex::padding)
    return fail(ErrorCode::invalid_argument, "no JSON: larger than 4 GiB");
  text_.assign(json);
  text_.append(StopIndex::padding, '\0');
  stops_.mark(std::string_view(text_).substr(0, json.size()));
  return JsonParser(*this, json.size(), max_depth, spare).run();
}

std::span<const JsonFlaw> JsonTape::flaws_in(const JsonNode& node) const {
  const auto before = [](const JsonFlaw& flaw, std::uint32_t at) { return flaw.at < at; };
  const auto begin = std::lower_bound(flaws_.begin(), flaws_.end(), node.begin, before);
  const auto end = std::lower_bound(begin, flaws_.end(), node.begin + node.size, before);
  return {begin, end};
}

NodeIndex JsonTape::find(NodeIndex object, std::string_view key) const {
  NodeIndex found = 0;
  if (nodes_[object].kind != JsonKind::object) return found;
  for_each_member(object, [&](NodeIndex name, NodeIndex value) {
    if (raw(name) == key) found = value;
  });
  return found;
}

void JsonTape::put_string(TextWriter& out, const JsonNode& node) const {
  if (node.verbatim) {
    out.put(std::string_view(begin_of(node), node.size + std::size_t{2}));
    return;
  }
  std::string text;
  append_unescaped(text, raw(node));
  out.put_quoted(text);
}

void JsonTape::put_canonical(TextWriter& out, NodeIndex index) const {
  const JsonNode& node = nodes_[index];
  if (node.kind == JsonKind::string) return put_string(out, node);
  if (node.verbatim) return out.put(raw(node));
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
