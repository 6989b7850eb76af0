// Text → JsonTape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "events/json_tape.hpp"

namespace bytebasket::events {

/// Reads the text that a tape holds into nodes, in one loop: what is open is remembered in the
/// nodes themselves, so hostile nesting costs no stack. While a container is open, its `next` is
/// the container around it, and its `size` is how much had been passed so far that is not
/// canonical.
class JsonParser {
 public:
  /// The text is marked, and followed by zero bytes, which end every loop.
  JsonParser(JsonTape& tape, std::size_t size, std::size_t max_depth, std::size_t spare);

  Status run();

 private:
  enum class Role : std::uint8_t { value, key };

  // Each takes the place where something begins and returns the place behind it; null where the
  // structure is broken there.
  const char* document(const char* at);
  struct Passed {
    const char* at;
    bool behind_value;  ///< else before a key
  };
  Passed plain_members(const char* at);
  const char* leaf(const char* at);
  const char* string(const char* at, Role role);
  const char* rough_string(const char* at, Role role);
  const char* rough_string_end(const char* at);
  const char* scalar(const char* at);
  const char* key(const char* at);
  const char* enter(const char* at);
  const char* leave(const char* at);
  const char* behind_value(const char* at);
  const char* skip_deep(const char* at);
  const char* skip_space(const char* at);
  const char* skip_wide_space(const char* at);

  void pass_stops_before(const char* at) {
    while (*stop_ < position(at)) ++stop_;
  }
  const char* broken(const char* at, const char* what);
  void flaw(const char* at, const char* what, std::size_t depth = 0);
  void add(const char* begin, const char* end, JsonKind kind);
  [[nodiscard]] Status failure() const;
  [[nodiscard]] std::uint32_t position(const char* at) const {
    return static_cast<std::uint32_t>(at - begin_);
  }

  JsonTape& tape_;
  NodeList& nodes_;
  const char* const begin_;
  const char* const end_;
  const std::size_t max_depth_;
  const std::size_t deepest_;
  /// The first stop of the text's index that has not been passed: the opening quote, where a string
  /// begins.
  const std::uint32_t* stop_;
  std::size_t depth_ = 0;
  NodeIndex open_ = 0;               ///< the innermost container that is open, where depth_ > 0
  char closer_ = '\0';               ///< what closes it
  std::uint32_t not_canonical_ = 0;  ///< white space and escapes passed so far
  const char* broken_at_ = nullptr;
  const char* wrong_ = "";
};

}  // namespace bytebasket::events
