#include "events/json_parser.hpp"

#include <algorithm>

#include "events/json_text.hpp"

namespace bytebasket::events {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '+' ||
         c == '-' || c == '.';
}

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?` at the front of a text that a zero byte ends.
const char* number_end(const char* at) {
  if (*at == '-') ++at;
  if (!is_digit(*at)) return nullptr;
  if (*at == '0') {
    ++at;
  } else {
    while (is_digit(*at)) ++at;
  }
  if (*at == '.') {
    if (!is_digit(*++at)) return nullptr;
    while (is_digit(*at)) ++at;
  }
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '+' || *at == '-') ++at;
    if (!is_digit(*at)) return nullptr;
    while (is_digit(*at)) ++at;
  }
  return at;
}

}  // namespace

JsonParser::JsonParser(JsonTape& tape, std::size_t size, std::size_t max_depth, std::size_t spare)
    : tape_(tape),
      begin_(tape.text_.data()),
      end_(begin_ + size),
      max_depth_(max_depth),
      deepest_(max_depth + spare) {}

Status JsonParser::run() {
  const std::string_view text(begin_, static_cast<std::size_t>(end_ - begin_));
  const char* at = document(text.starts_with("\xEF\xBB\xBF") ? begin_ + 3 : begin_);
  if (at == nullptr) return failure();
  at = skip_space(at);
  if (at == end_) return ok();
  broken_at_ = at;
  wrong_ = "there is more after its end";
  return failure();
}

const char* JsonParser::document(const char* at) {
  while (true) {
    at = skip_space(at);
    if ((*at == '{' || *at == '[') && depth_ < deepest_) {
      at = enter(at);
      if (*at != (in_object() ? '}' : ']')) {
        if (in_object()) at = key(at);
        if (at == nullptr) return at;
        continue;
      }
    } else {
      at = leaf(at);
      if (at == nullptr) return at;
    }
    // Behind a value: the end of what it stands in, and perhaps of more, or the next one.
    while (true) {
      if (depth_ == 0) return at;
      at = skip_space(at);
      if (*at == ',') break;
      if (*at != (in_object() ? '}' : ']'))
        return broken(at, in_object() ? "a comma or '}' is missing" : "a comma or ']' is missing");
      at = leave(at);
    }
    ++at;
    if (in_object()) at = key(at);
    if (at == nullptr) return at;
  }
}

const char* JsonParser::leaf(const char* at) {
  if (*at == '"') return string(at, false);
  return *at == '{' || *at == '[' ? skip_deep(at) : scalar(at);
}

const char* JsonParser::string(const char* at, bool key) {
  const char* const begin = at + 1;
  const char* end = tape_.stops_.next(begin);
  const bool plain = *end == '"';
  if (!plain) {
    end = rough_string_end(end);
    if (end == nullptr) return end;
    ++not_canonical_;
  }
  tape_.nodes_.push_back({.begin = position(begin),
                          .size = static_cast<std::uint32_t>(end - begin),
                          .next = static_cast<NodeIndex>(tape_.nodes_.size() + 1),
                          .kind = JsonKind::string,
                          .key = key,
                          .verbatim = plain});
  return end + 1;
}

/// The closing quote of a string that has more than plain characters from `at` on.
const char* JsonParser::rough_string_end(const char* at) {
  while (true) {
    at = tape_.stops_.next(at);
    if (at >= end_) return broken(end_, "");
    if (*at == '"') return at;
    if (*at == '\\') {
      const std::size_t length = escape_length({at, static_cast<std::size_t>(end_ - at)});
      if (length == 0) flaw(at, "a backslash that starts no escape");
      at = std::min(at + (length == 0 ? 2 : length), end_);
    } else {
      flaw(at, "a control character in a string (it must be escaped)");
      ++at;
    }
  }
}

const char* JsonParser::scalar(const char* at) {
  const char* const begin = at;
  const char* const end = number_end(at);
  if (end != nullptr && !is_word(*end)) {
    add(begin, end, JsonKind::number);
    return end;
  }
  while (is_word(*at)) ++at;
  const std::string_view word(begin, static_cast<std::size_t>(at - begin));
  if (word.empty()) return broken(at, "a value is missing");
  const bool truth = word == "true" || word == "false";
  if (!truth && word != "null")
    flaw(begin, "a word or number that JSON does not know (such as NaN or 01)");
  add(begin, at, truth ? JsonKind::boolean : JsonKind::null);
  return at;
}

const char* JsonParser::key(const char* at) {
  at = skip_space(at);
  if (*at != '"') return broken(at, "a quoted key is missing");
  at = string(at, true);
  if (at == nullptr) return at;
  at = skip_space(at);
  return *at == ':' ? at + 1 : broken(at, "a colon is missing");
}

/// To the first place inside a container where something can be.
const char* JsonParser::enter(const char* at) {
  if (depth_ >= max_depth_) flaw(at, "nested too deep", depth_ + 1);
  ++depth_;
  const auto index = static_cast<NodeIndex>(tape_.nodes_.size());
  tape_.nodes_.push_back({.begin = position(at),
                          .size = not_canonical_,
                          .next = open_,
                          .kind = *at == '{' ? JsonKind::object : JsonKind::array});
  open_ = index;
  return skip_space(at + 1);
}

const char* JsonParser::leave(const char* at) {
  JsonNode& node = tape_.nodes_[open_];
  open_ = node.next;
  --depth_;
  node.verbatim = node.size == not_canonical_;
  node.size = position(at + 1) - node.begin;
  node.next = static_cast<NodeIndex>(tape_.nodes_.size());
  return at + 1;
}

/// Passes a container that is nested too deep, of any depth, without a node for what is in it.
const char* JsonParser::skip_deep(const char* at) {
  flaw(at, "nested too deep", depth_ + 1);
  const char* const begin = at;
  std::vector<bool> objects;
  do {
    const char c = *at;
    if (c == '"') {
      at = rough_string_end(at + 1);
      if (at == nullptr) return at;
    } else if (c == '{' || c == '[') {
      objects.push_back(c == '{');
    } else if (c == '}' || c == ']') {
      if (objects.back() != (c == '}')) return broken(at, "a closing bracket does not match");
      objects.pop_back();
    } else if (c == '\0') {
      return broken(at, "a zero byte");
    }
    ++at;
  } while (!objects.empty());
  add(begin, at, JsonKind::null);
  return at;
}

const char* JsonParser::skip_space(const char* at) {
  if (!is_space(*at)) return at;
  ++not_canonical_;
  do ++at;
  while (is_space(*at));
  return at;
}

const char* JsonParser::broken(const char* at, const char* what) {
  broken_at_ = at;
  wrong_ = at >= end_ ? "it ends too early," : what;
  return nullptr;
}

void JsonParser::flaw(const char* at, const char* what, std::size_t depth) {
  tape_.flaws_.push_back({position(at), static_cast<std::uint32_t>(depth), what});
}

void JsonParser::add(const char* begin, const char* end, JsonKind kind) {
  tape_.nodes_.push_back({.begin = position(begin),
                          .size = static_cast<std::uint32_t>(end - begin),
                          .next = static_cast<NodeIndex>(tape_.nodes_.size() + 1),
                          .kind = kind});
}

Status JsonParser::failure() const {
  return fail(ErrorCode::invalid_argument, "no JSON: " + std::string(wrong_) + " at byte " +
                                               std::to_string(position(broken_at_)));
}

}  // namespace bytebasket::events
