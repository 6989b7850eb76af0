#include "events/json_tape.hpp"

#include <algorithm>

#include "events/json_text.hpp"

namespace bytebasket::events {
namespace {

constexpr std::size_t padding = 64;

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

/// Recursive descent, no deeper than the limit. The text ends in zero bytes, which end every loop.
class JsonParser {
 public:
  JsonParser(JsonTape& tape, std::size_t size, std::size_t max_depth, std::size_t spare)
      : tape_(tape),
        begin_(tape.text_.data()),
        at_(begin_),
        end_(begin_ + size),
        max_depth_(max_depth),
        deepest_(max_depth + spare) {}

  Status run() {
    if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with("\xEF\xBB\xBF"))
      at_ += 3;
    if (!value(0)) return failure();
    skip_space();
    if (at_ != end_) {
      wrong_ = "there is more after its end";
      return failure();
    }
    return ok();
  }

 private:
  [[nodiscard]] std::uint32_t position() const { return static_cast<std::uint32_t>(at_ - begin_); }

  Status failure() const {
    return fail(ErrorCode::invalid_argument,
                "no JSON: " + std::string(wrong_) + " at byte " + std::to_string(position()));
  }

  bool broken(const char* what) {
    wrong_ = at_ >= end_ ? "it ends too early," : what;
    return false;
  }

  void flaw(const char* at, const char* what, std::size_t depth = 0) {
    tape_.flaws_.push_back(
        {static_cast<std::uint32_t>(at - begin_), static_cast<std::uint32_t>(depth), what});
  }

  void skip_space() {
    if (!is_space(*at_)) return;
    ++not_verbatim_;
    do ++at_;
    while (is_space(*at_));
  }

  JsonNode& open(JsonKind kind) {
    JsonNode& node = tape_.nodes_.emplace_back();
    node.kind = kind;
    node.begin = position();
    return node;
  }

  void close(NodeIndex index, bool verbatim) {
    JsonNode& node = tape_.nodes_[index];
    node.size = position() - node.begin;
    node.next = static_cast<NodeIndex>(tape_.nodes_.size());
    node.verbatim = verbatim;
  }

  bool value(std::size_t depth) {
    skip_space();
    switch (*at_) {
      case '"':
        return string(false);
      case '{':
      case '[':
        if (depth >= max_depth_) flaw(at_, "nested too deep", depth + 1);
        return depth >= deepest_ ? skip_deep() : container(depth + 1);
      default:
        return scalar();
    }
  }

  bool string(bool key) {
    const char* const start = ++at_;
    bool verbatim = true;
    if (!pass_string(verbatim)) return false;
    if (!verbatim) ++not_verbatim_;
    tape_.nodes_.push_back({.begin = static_cast<std::uint32_t>(start - begin_),
                            .size = static_cast<std::uint32_t>(at_ - start),
                            .next = static_cast<NodeIndex>(tape_.nodes_.size() + 1),
                            .kind = JsonKind::string,
                            .key = key,
                            .verbatim = verbatim});
    ++at_;
    return true;
  }

  /// Stops at the closing quote.
  bool pass_string(bool& verbatim) {
    while (true) {
      at_ = plain_run_end(at_, end_);
      if (at_ >= end_) {
        at_ = end_;
        return broken("");
      }
      if (*at_ == '"') return true;
      verbatim = false;
      if (*at_ == '\\') {
        const std::size_t length = escape_length({at_, static_cast<std::size_t>(end_ - at_)});
        if (length == 0) flaw(at_, "a backslash that starts no escape");
        at_ += length == 0 ? 2 : length;
        if (at_ > end_) at_ = end_;
      } else {
        flaw(at_, "a control character in a string (it must be escaped)");
        ++at_;
      }
    }
  }

  bool scalar() {
    const char* const start = at_;
    const auto index = static_cast<NodeIndex>(tape_.nodes_.size());
    JsonNode& node = open(JsonKind::number);
    const char* const end = number_end(at_);
    if (end != nullptr && !is_word(*end)) {
      at_ = end;
    } else {
      while (is_word(*at_)) ++at_;
      const std::string_view word(start, static_cast<std::size_t>(at_ - start));
      if (word.empty()) return broken("a value is missing");
      if (word == "true" || word == "false") {
        node.kind = JsonKind::boolean;
      } else {
        node.kind = JsonKind::null;
        if (word != "null")
          flaw(start, "a word or number that JSON does not know (such as NaN or 01)");
      }
    }
    close(index, true);
    return true;
  }

  bool container(std::size_t depth) {
    const bool object = *at_ == '{';
    const char closing = object ? '}' : ']';
    const auto index = static_cast<NodeIndex>(tape_.nodes_.size());
    open(object ? JsonKind::object : JsonKind::array);
    const std::size_t before = not_verbatim_;
    ++at_;
    skip_space();
    if (*at_ == closing) {
      ++at_;
      close(index, not_verbatim_ == before);
      return true;
    }
    while (true) {
      if (object && !key()) return false;
      if (!value(depth)) return false;
      skip_space();
      if (*at_ == closing) break;
      if (*at_ != ',')
        return broken(object ? "a comma or '}' is missing" : "a comma or ']' is missing");
      ++at_;
    }
    ++at_;
    close(index, not_verbatim_ == before);
    return true;
  }

  bool key() {
    skip_space();
    if (*at_ != '"') return broken("a quoted key is missing");
    if (!string(true)) return false;
    skip_space();
    if (*at_ != ':') return broken("a colon is missing");
    ++at_;
    return true;
  }

  /// Passes a container that is nested too deep, of any depth, without a node for what is in it.
  bool skip_deep() {
    const auto index = static_cast<NodeIndex>(tape_.nodes_.size());
    open(JsonKind::null);
    std::vector<bool> objects;
    do {
      const char c = *at_;
      if (c == '"') {
        bool verbatim = true;
        ++at_;
        if (!pass_string(verbatim)) return false;
      } else if (c == '{' || c == '[') {
        objects.push_back(c == '{');
      } else if (c == '}' || c == ']') {
        if (objects.back() != (c == '}')) return broken("a closing bracket does not match");
        objects.pop_back();
      } else if (c == '\0') {
        return broken("a zero byte");
      }
      ++at_;
    } while (!objects.empty());
    close(index, true);
    return true;
  }

  JsonTape& tape_;
  const char* const begin_;
  const char* at_;
  const char* const end_;
  const std::size_t max_depth_;
  const std::size_t deepest_;
  std::size_t not_verbatim_ = 0;  ///< white space and escapes passed so far
  const char* wrong_ = "";
};

Status JsonTape::parse(std::string_view json, std::size_t max_depth, std::size_t spare) {
  nodes_.clear();
  flaws_.clear();
  if (json.size() >= UINT32_MAX - padding)
    return fail(ErrorCode::invalid_argument, "no JSON: larger than 4 GiB");
  text_.assign(json);
  text_.append(padding, '\0');
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

void JsonTape::append_string(std::string& out, const JsonNode& node) const {
  if (node.verbatim) {
    out += '"';
    out += raw(node);
    out += '"';
    return;
  }
  std::string text;
  append_unescaped(text, raw(node));
  append_quoted(out, text);
}

void JsonTape::append_canonical(std::string& out, NodeIndex index) const {
  const JsonNode& node = nodes_[index];
  if (node.kind == JsonKind::string) {
    append_string(out, node);
  } else if (node.verbatim) {
    out += raw(node);
  } else if (node.kind == JsonKind::object) {
    char separator = '{';
    for_each_member(index, [&](NodeIndex key, NodeIndex value) {
      out += separator;
      separator = ',';
      append_string(out, nodes_[key]);
      out += ':';
      append_canonical(out, value);
    });
    if (separator == '{') out += '{';
    out += '}';
  } else {
    char separator = '[';
    for_each_element(index, [&](NodeIndex element) {
      out += separator;
      separator = ',';
      append_canonical(out, element);
    });
    if (separator == '[') out += '[';
    out += ']';
  }
}

}  // namespace bytebasket::events
