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
template <typename Out, std::size_t N>
void put_word(Out& out, const char (&intro)[N], std::string_view word) {
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

/// `intro` ends with the quote.
template <typename Out, std::size_t N>
void put_time(Out& out, const char (&intro)[N], Timestamp time) {
  out.put(intro);
  out.put_time(time);
  out.put('"');
}

/// `{"type":"track","event":…` without the comma before `"properties"`. Empty texts are left out,
/// but for the message id. `put_text(text)` writes a text as a JSON string. `out` is a TextWriter,
/// or a TextMatcher, which finds out whether that is what stands in a text.
template <typename Out, typename PutText>
void put_canonical_head(Out& out, const CanonicalHead& head, PutText put_text) {
  const auto put_if_any = [&](const auto& intro, std::string_view text) {
    if (text.empty()) return;
    out.put(intro);
    put_text(text);
  };
  put_word(out, R"({"type":")", to_string(head.type));
  if (head.type == CallType::track) {
    put_if_any(R"(,"event":)", head.name);
  } else {
    put_if_any(R"(,"name":)", head.name);
  }
  out.put(R"(,"messageId":)");
  put_text(head.message_id);
  put_time(out, R"(,"timestamp":")", head.time);
  if (head.original_time) put_time(out, R"(,"originalTimestamp":")", *head.original_time);
  put_if_any(R"(,"anonymousId":)", head.anonymous_id);
  put_if_any(R"(,"userId":)", head.user_id);
  put_word(out, R"(,"source":")", to_string(head.source));
  put_if_any(R"(,"sessionId":)", head.session_id);
  put_if_any(R"(,"country":)", head.country);
  put_if_any(R"(,"device":)", head.device);
  put_if_any(R"(,"campaign":)", head.campaign);
}
void put_canonical_head(TextWriter& out, const CanonicalHead& head);

}  // namespace bytebasket::events
