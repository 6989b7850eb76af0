// A record taken apart for the lake's columns, and put together again byte for byte.
#pragma once

#include <string>
#include <string_view>

#include "events/canonical_head.hpp"
#include "events/event.hpp"
#include "events/event_reader.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::lake {

/// A record as the lake's columns hold it. Views into the record and into the splitter that made
/// it.
struct LakeRow {
  streams::Record record;
  /// True where the value is `event`'s head, its `properties` and the `rest`, and so is kept by
  /// these; else the columns of an event are empty and the value is kept as it is.
  bool taken_apart = false;
  bool key_is_text = false;  ///< valid UTF-8, as a text column must be
  events::Event event;
  std::string_view properties;  ///< a JSON object
  /// The members behind the properties and the closing brace of the event: `"traits":{…}}`; empty
  /// where there are none. With a `{` before it, it is a JSON object.
  std::string_view rest;
};

/// Takes records apart. Not thread-safe; one for each thread.
class RowSplitter {
 public:
  /// Into `row`, whatever it was before. The record's bytes must outlive it.
  void split(const streams::Record& record, LakeRow& row);

  /// Ends the rows that were split so far.
  void clear() { reader_.clear(); }

 private:
  bool is_made_of(std::string_view value, LakeRow& row);

  events::EventReader reader_;
  events::TextWriter scratch_;
};

inline constexpr char before_properties[] = ",\"properties\":";

/// Writes the canonical JSON that was taken apart into these. The texts of `head` are JSON strings,
/// and `rest` is a JSON object here, or empty.
template <typename Out>
void put_value(Out& out, const events::CanonicalHead& head, std::string_view properties,
               std::string_view rest) {
  events::put_canonical_head(out, head, [&](std::string_view quoted) { out.put(quoted); });
  out.put(before_properties);
  out.put(properties);
  if (rest.empty()) return out.put('}');
  out.put(',');
  out.put(rest.substr(1));
}

}  // namespace bytebasket::lake
