#include "events/json_parser.hpp"

#include <algorithm>
#include <cstring>

#include "events/json_text.hpp"
#include "events/known_keys.hpp"

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
      nodes_(tape.nodes_),
      begin_(tape.text_.data()),
      end_(begin_ + size),
      max_depth_(max_depth),
      deepest_(max_depth + spare),
      stop_(tape.index_.stops()) {}

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
    if (closer_ == '}') {
      const Passed passed = plain_members(at);
      at = passed.behind_value ? behind_value(passed.at) : key(passed.at);
      if (at == nullptr || depth_ == 0) return at;
      if (passed.behind_value) continue;
    }
    at = skip_space(at);
    if (*at == '"') {
      at = string(at, Role::value);
    } else if ((*at == '{' || *at == '[') && depth_ < deepest_) {
      at = enter(at);
      if (*at != closer_) continue;
    } else {
      at = leaf(at);
    }
    if (at == nullptr) return at;
    at = behind_value(at);
    if (at == nullptr || depth_ == 0) return at;
  }
}

/// Passes the members that are plain strings with nothing but a colon between key and value and
/// nothing but a comma between them: most of any event. The places of four stops say all.
JsonParser::Passed JsonParser::plain_members(const char* at) {
  NodeList::Tail tail = nodes_.tail();
  const std::uint32_t* stop = stop_;
  const char* const begin = begin_;
  bool behind_value = false;
  while (*at == '"' && nodes_.has_room(tail, 2)) {
    const std::uint32_t key_begin = stop[0] + 1;
    const std::uint32_t key_end = stop[1];
    const std::uint32_t value_begin = stop[2] + 1;
    const std::uint32_t value_end = stop[3];
    if (std::memcmp(begin + key_end, R"(":")", 3) != 0 || begin[value_end] != '"') break;
    const std::uint32_t key_size = key_end - key_begin;
    tail.add_text({.begin = key_begin,
                   .size = key_size,
                   .next = tail.size + 1,
                   .kind = JsonKind::string,
                   .key = true,
                   .known = known_key({begin + key_begin, key_size})});
    tail.add_text({.begin = value_begin,
                   .size = value_end - value_begin,
                   .next = tail.size + 1,
                   .kind = JsonKind::string});
    stop += 4;
    at = begin + value_end + 1;
    behind_value = *at != ',';
    if (behind_value) break;
    ++at;
  }
  nodes_.set_tail(tail);
  stop_ = stop;
  return {at, behind_value};
}

/// Behind a value: the end of what it stands in, and perhaps of more, or the next one.
inline const char* JsonParser::behind_value(const char* at) {
  while (depth_ > 0) {
    at = skip_space(at);
    if (*at == ',') return at + 1;
    if (*at != closer_)
      return broken(at, closer_ == '}' ? "a comma or '}' is missing" : "a comma or ']' is missing");
    at = leave(at);
  }
  return at;
}

const char* JsonParser::leaf(const char* at) {
  return *at == '{' || *at == '[' ? skip_deep(at) : scalar(at);
}

inline const char* JsonParser::string(const char* at, Role role) {
  const char* const begin = at + 1;
  const char* const end = begin_ + stop_[1];
  if (*end != '"') return rough_string(at, role);
  stop_ += 2;
  const auto size = static_cast<std::uint32_t>(end - begin);
  nodes_.add_text({.begin = position(begin),
                   .size = size,
                   .next = nodes_.size() + 1,
                   .kind = JsonKind::string,
                   .key = role == Role::key,
                   .known = role == Role::key ? known_key({begin, size}) : KnownKey{}});
  return end + 1;
}

/// One that has more than plain characters. What its escapes stand for is not known yet.
const char* JsonParser::rough_string(const char* at, Role role) {
  const char* const begin = at + 1;
  const char* const end = rough_string_end(begin);
  if (end == nullptr) return end;
  ++not_canonical_;
  add(begin, end, JsonKind::string);
  nodes_.back().key = role == Role::key;
  nodes_.back().verbatim = false;
  return end + 1;
}

/// The closing quote of the string whose inside begins at `at`; the stops up to there are passed.
const char* JsonParser::rough_string_end(const char* at) {
  while (true) {
    pass_stops_before(at);
    at = begin_ + *stop_;
    if (at >= end_) return broken(end_, "");
    if (*at == '"') {
      ++stop_;
      return at;
    }
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

inline const char* JsonParser::key(const char* at) {
  at = skip_space(at);
  if (*at != '"') return broken(at, "a quoted key is missing");
  at = string(at, Role::key);
  if (at == nullptr) return at;
  at = skip_space(at);
  return *at == ':' ? at + 1 : broken(at, "a colon is missing");
}

/// To the first place inside a container where something can be.
inline const char* JsonParser::enter(const char* at) {
  if (depth_ >= max_depth_) flaw(at, "nested too deep", depth_ + 1);
  ++depth_;
  const NodeIndex index = nodes_.size();
  nodes_.add({.begin = position(at),
              .size = not_canonical_,
              .next = open_,
              .kind = *at == '{' ? JsonKind::object : JsonKind::array});
  open_ = index;
  closer_ = *at == '{' ? '}' : ']';
  return skip_space(at + 1);
}

inline const char* JsonParser::leave(const char* at) {
  JsonNode& node = nodes_[open_];
  open_ = node.next;
  --depth_;
  node.verbatim = node.size == not_canonical_;
  node.size = position(at + 1) - node.begin;
  node.next = nodes_.size();
  closer_ = nodes_[open_].kind == JsonKind::object ? '}' : ']';
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
  pass_stops_before(at);
  add(begin, at, JsonKind::null);
  return at;
}

inline const char* JsonParser::skip_space(const char* at) {
  return is_space(*at) ? skip_wide_space(at) : at;
}

/// New lines and tabs are stops, which are passed with them.
const char* JsonParser::skip_wide_space(const char* at) {
  ++not_canonical_;
  do ++at;
  while (is_space(*at));
  pass_stops_before(at);
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

/// Words may be listed among the long texts too: whoever looks there asks for the kind.
void JsonParser::add(const char* begin, const char* end, JsonKind kind) {
  nodes_.add_text({.begin = position(begin),
                   .size = static_cast<std::uint32_t>(end - begin),
                   .next = nodes_.size() + 1,
                   .kind = kind});
}

Status JsonParser::failure() const {
  return fail(ErrorCode::invalid_argument, "no JSON: " + std::string(wrong_) + " at byte " +
                                               std::to_string(position(broken_at_)));
}

}  // namespace bytebasket::events
