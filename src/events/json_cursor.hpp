// One pass over JSON that was checked when it was written: what is asked for is looked at, the rest
// is passed quickly.
#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "events/json_text.hpp"
#include "events/keys.hpp"
#include "events/object_scan.hpp"

namespace bytebasket::events {

/// Stands on one value at a time. A failed cursor stays failed: ask `finished()` at the end. It
/// never reads further than 16 bytes past the text, whatever is in it. Values that are passed are
/// only matched by their quotes and brackets.
class JsonCursor {
 public:
  /// `json` must be followed by 64 readable bytes.
  explicit JsonCursor(std::string_view json)
      : begin_(json.data()), at_(json.data()), end_(json.data() + json.size()) {}

  struct Scalar {
    std::string_view
        text;  ///< inside the quotes of a string; the digits of a number; empty for anything else
    bool escaped = false;
  };

  /// Calls `visit(key)`, which `key_reach` readable bytes follow, with the cursor at each value of
  /// the object; `visit` must pass that value by scalar(), skip(), members() or elements(). A value
  /// that is no object is passed.
  template <typename Visit>
  void members(Visit visit) {
    if (!at_object()) return skip();
    ++at_;
    if (take('}')) return;
    member(visit);
    more_members(visit);
  }

  /// The same for the rest of an object, with the cursor behind one of its members.
  template <typename Visit>
  void more_members(Visit visit) {
    while (take(',')) member(visit);
    if (!take('}')) failed();
  }

  /// Passes `text` where just that stands at the cursor.
  template <std::size_t N>
  bool take_text(const char (&text)[N]) {
    constexpr std::size_t size = N - 1;
    if (static_cast<std::size_t>(end_ - at_) < size || std::memcmp(at_, text, size) != 0)
      return false;
    at_ += size;
    return true;
  }
  /// Passes a string whose opening quote is passed already.
  Scalar rest_of_string() {
    const char* const start = at_;
    bool escaped = false;
    while (true) {
      at_ = plain_run_end(at_, end_);
      if (at_ >= end_) break;
      if (*at_ == '"') {
        return {{start, static_cast<std::size_t>(at_++ - start)}, escaped};
      }
      if (*at_ != '\\') break;
      escaped = true;
      at_ += 2;
    }
    failed();
    return {};
  }

  /// Calls `visit()` with the cursor at each element of the array. A value that is no array is
  /// passed.
  template <typename Visit>
  void elements(Visit visit) {
    if (at_ >= end_ || *at_ != '[') return skip();
    ++at_;
    if (take(']')) return;
    do {
      skip_space();
      visit();
    } while (take(','));
    if (!take(']')) failed();
  }

  [[nodiscard]] bool at_object() const { return at_ < end_ && *at_ == '{'; }

  /// Passes the object at the cursor, of which only the member whose name (with its quotes) is
  /// `quoted_name` is visited; false, with the cursor where it was, where that takes a closer look.
  template <typename Visit>
  bool pass_object(std::string_view quoted_name, Visit visit) {
    const auto object = at_object() ? ObjectScan(quoted_name).find(at_, end_) : std::nullopt;
    if (!object) return false;
    if (object->value != nullptr) {
      JsonCursor member({object->value, static_cast<std::size_t>(object->end - object->value)});
      visit(member);
      if (member.failed_) return false;
    }
    at_ = object->end;
    return true;
  }

  /// Passes a value; its text where it is a string or a number.
  Scalar scalar() {
    if (at_ < end_ && *at_ == '"') return string();
    if (at_ < end_ && (*at_ == '-' || (*at_ >= '0' && *at_ <= '9'))) {
      const char* const start = at_;
      while (at_ < end_ && is_word(*at_)) ++at_;
      return {{start, static_cast<std::size_t>(at_ - start)}, false};
    }
    skip();
    return {};
  }

  /// Passes a value of any kind.
  void skip() {
    std::size_t depth = 0;
    do {
      if (at_ >= end_) return failed();
      const char c = *at_;
      if (c == '"') {
        string();
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        if (depth == 0) return failed();
        --depth;
        ++at_;
      } else if (is_word(c)) {
        while (at_ < end_ && is_word(*at_)) ++at_;
      } else if (depth > 0) {
        ++at_;
      } else {
        return failed();
      }
    } while (depth > 0);
  }

  /// True where the text was one whole value and nothing else.
  [[nodiscard]] bool finished() {
    skip_space();
    return !failed_ && at_ == end_;
  }
  [[nodiscard]] std::size_t position() const {
    return static_cast<std::size_t>((failed_ ? failed_at_ : at_) - begin_);
  }

 private:
  static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ||
           c == 'E';
  }

  void failed() {
    if (!failed_) failed_at_ = at_ < end_ ? at_ : end_;
    failed_ = true;
    at_ = end_;
  }

  void skip_space() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }

  bool take(char wanted) {
    skip_space();
    if (at_ >= end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  template <typename Visit>
  void member(Visit& visit) {
    skip_space();
    const Scalar key = string();
    if (!take(':')) return failed();
    skip_space();
    if (!key.escaped) return visit(key.text);
    // Canonical keys that we look for have no escapes, but a key that is spelled with them may be
    // one of ours.
    std::string unescaped;
    append_unescaped(unescaped, key.text);
    const std::size_t size = unescaped.size();
    unescaped.append(key_reach, '\0');
    visit(std::string_view(unescaped).substr(0, size));
  }

  Scalar string() {
    if (at_ >= end_ || *at_ != '"') {
      failed();
      return {};
    }
    ++at_;
    return rest_of_string();
  }

  const char* const begin_;
  const char* at_;
  const char* const end_;
  const char* failed_at_ = nullptr;
  bool failed_ = false;
};

}  // namespace bytebasket::events
