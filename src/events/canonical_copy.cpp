#include "events/canonical_copy.hpp"

namespace bytebasket::events {

void CanonicalCopy::separate() {
  if (!separated_) out_.put(',');
  separated_ = false;
}

/// In pieces: what stands before `node` as sent, then `json` in its place.
void CanonicalCopy::replace(const JsonNode& node, std::string_view json) {
  const char* const begin = tape_.begin_of(node);
  out_.put_near(std::string_view(done_, static_cast<std::size_t>(begin - done_)));
  out_.put(json);
  done_ = tape_.end_of(node);
}

void CanonicalCopy::open(NodeIndex container) {
  if (in_pieces_) return;
  separate();
  out_.put(tape_[container].kind == JsonKind::object ? '{' : '[');
  separated_ = true;
}

void CanonicalCopy::close(NodeIndex container) {
  if (in_pieces_) return;
  out_.put(tape_[container].kind == JsonKind::object ? '}' : ']');
  separated_ = false;
}

void CanonicalCopy::put_key(NodeIndex key) {
  separate();
  tape_.put_string(out_, tape_[key]);
  out_.put(':');
  separated_ = true;
}

void CanonicalCopy::key(NodeIndex key, std::string_view name) {
  if (in_pieces_) {
    replace(tape_[key], {});
  } else {
    separate();
    separated_ = true;
  }
  out_.put('"');
  out_.put(name);
  out_.put('"');
  if (!in_pieces_) out_.put(':');
}

void CanonicalCopy::put_value(NodeIndex value) {
  separate();
  tape_.put_canonical(out_, value);
}

void CanonicalCopy::value(NodeIndex value, std::string_view json) {
  if (in_pieces_) return replace(tape_[value], json);
  separate();
  out_.put(json);
}

void CanonicalCopy::finish() {
  if (!in_pieces_) return;
  out_.put(std::string_view(done_, static_cast<std::size_t>(tape_.end_of(root_) - done_)));
}

}  // namespace bytebasket::events
