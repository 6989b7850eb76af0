// The keys of a visitor's rows, and what the processor's caches know them by.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "processors/processor.hpp"
#include "processors/visitor.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// A cache key: the clustering part with the visitor behind it, so that it can be split again.
inline void build_cache_key(std::string& key, std::string_view visitor, std::int64_t number) {
  key.clear();
  append_key_int(key, number);
  key.append(visitor);
}
inline std::string_view visitor_of(std::string_view key) {
  return key.substr(sizeof(std::int64_t));
}
inline std::int64_t number_of(std::string_view key) { return take_key_int(key).value_or(0); }

/// A cache key of a named session: visitor and session id, split by the length of the visitor.
inline std::string named_cache_key(std::string_view visitor, std::string_view session) {
  std::string key;
  build_cache_key(key, visitor, static_cast<std::int64_t>(visitor.size()));
  return key.append(session);
}
inline std::string_view visitor_of_named(std::string_view key) {
  return visitor_of(key).substr(0, static_cast<std::size_t>(number_of(key)));
}

inline storage::RowKey visitor_row(std::string_view visitor, std::string_view facet,
                                   std::int64_t at, std::string_view id) {
  schema::VisitorsKey key;
  key.visitor = visitor;
  key.facet = facet;
  key.at = at;
  key.id = id;
  return storage::RowKey::of(key);
}

/// The day an event's message id is remembered in.
inline std::int64_t id_day(const LoggedEvent& logged) {
  return day_of(logged.event.has_original_time ? logged.event.original_time : logged.received_at);
}

}  // namespace bytebasket::processors
