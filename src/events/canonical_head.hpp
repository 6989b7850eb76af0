// What every canonical event begins with, up to its properties: the one place that writes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "events/event.hpp"

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
void append_canonical_head(std::string& out, const CanonicalHead& head);

/// `,"name":"text"`
void append_member(std::string& out, std::string_view name, std::string_view text);
void append_member_if_any(std::string& out, std::string_view name, std::string_view text);

}  // namespace bytebasket::events
