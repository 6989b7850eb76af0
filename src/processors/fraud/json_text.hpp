// Writes JSON text piece by piece, in the order it is told: stored documents are compared byte for
// byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "events/money.hpp"

namespace bytebasket::processors::fraud {

/// A JSON document under construction. Commas are set by themselves; the caller balances open and
/// close. Strings are written as they are but for what JSON must escape, so they have to be UTF-8
/// (the events' strings are).
class JsonText {
 public:
  JsonText& open_object() { return open('{'); }
  JsonText& close_object() { return close('}'); }
  JsonText& open_array() { return open('['); }
  JsonText& close_array() { return close(']'); }

  /// The name of the member that comes next.
  JsonText& key(std::string_view name);

  JsonText& text(std::string_view value);
  JsonText& integer(std::int64_t value);
  JsonText& boolean(bool value);
  JsonText& null();
  /// A string of six decimals.
  JsonText& money(events::Micros value);
  /// A string: RFC 3339 with milliseconds.
  JsonText& time(Timestamp value);
  /// A document that is JSON already.
  JsonText& raw(std::string_view json);

  /// A member, left out where the text is empty.
  JsonText& member(std::string_view name, std::string_view value);

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  JsonText& open(char bracket);
  JsonText& close(char bracket);
  void separate();

  std::string out_;
  bool first_ =
      true;  ///< nothing stands yet in the innermost bracket, or a key has just been written
};

}  // namespace bytebasket::processors::fraud
