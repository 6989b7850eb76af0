// What every canonical event begins with, up to its properties: the one place that writes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "events/event.hpp"
#include "events/text_writer.hpp"

namespace bytebasket::events {

/// The fields before `properties`, in the order in which they are written.
struct CanonicalHead {
  CallType type = CallType::track;
  std::string_view name;  ///< `event` of a track call, else `name`
  std::string_view message_id;
  Timestamp time;
  std::optional<Timestamp> original_time;
  std::string_view anonymous_id;
  std::string_view user_id;
  Source source = Source::server;
  std::string_view session_id;
  std::string_view country;
  std::string_view device;
  std::string_view campaign;

  static CanonicalHead of(const Event& event);
};

/// `{"type":"track","event":…` without the comma before `"properties"`. Empty texts are left out,
/// but for the message id.
void put_canonical_head(TextWriter& out, const CanonicalHead& head);
void append_canonical_head(std::string& out, const CanonicalHead& head);

/// `,"name":"text"`, where `intro` is all that stands before the text's quotes.
template <std::size_t N>
void put_member(TextWriter& out, const char (&intro)[N], std::string_view text) {
  out.put(intro);
  out.put_quoted(text);
}

template <std::size_t N>
void put_member_if_any(TextWriter& out, const char (&intro)[N], std::string_view text) {
  if (!text.empty()) put_member(out, intro, text);
}

/// Of a word of ours, which needs no escapes; `intro` ends with the quote.
template <std::size_t N>
void put_word(TextWriter& out, const char (&intro)[N], std::string_view word) {
  out.put(intro);
  out.put(word);
  out.put('"');
}

template <std::size_t N>
void put_count_if_any(TextWriter& out, const char (&intro)[N], std::int64_t count) {
  if (count == 0) return;
  out.put(intro);
  out.put_number(count);
}

}  // namespace bytebasket::events
