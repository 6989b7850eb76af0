// What tests of the normaliser share: calls as clients send them, and what became of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "events/normalize.hpp"

namespace bytebasket::events::testing {

inline Timestamp at(std::string_view text) { return *parse_timestamp(text); }

inline const Timestamp received = at("2026-11-22T10:00:00Z");

inline Result<std::vector<NormalizedItem>> normalize_body(std::string_view body,
                                                          const Envelope& envelope = {}) {
  Normalizer normalizer;
  BB_RETURN_IF_ERROR(normalizer.read_body(body));
  return normalizer.normalize_items(envelope);
}

inline NormalizedItem normalize(std::string_view json, Envelope envelope = {},
                                EventLimits limits = {}) {
  envelope.received_at = received;
  return Normalizer(limits).normalize(json, envelope);
}

inline std::string reason(const NormalizedItem& item) {
  return item.refused ? item.refused->reason : "accepted";
}
inline std::string reason(std::string_view json) { return reason(normalize(json)); }

inline std::string canonical(std::string_view json, Envelope envelope = {}) {
  const NormalizedItem item = normalize(json, envelope);
  EXPECT_FALSE(item.refused) << reason(item);
  return item.events.empty() ? std::string() : std::string(item.events[0].json);
}

/// A track call by visitor v with these properties.
inline std::string track(std::string_view event, std::string_view properties,
                         std::string_view more = "") {
  return R"({"type":"track","messageId":"m","anonymousId":"v","timestamp":"2026-11-22T09:00:00Z","event":")" +
         std::string(event) + R"(","properties":)" + std::string(properties) + std::string(more) +
         "}";
}

inline std::string properties(std::string_view event, std::string_view sent) {
  const std::string json = canonical(track(event, sent));
  const std::size_t begin = json.find("\"properties\":");
  return begin == std::string::npos ? json : json.substr(begin + 13, json.size() - begin - 14);
}

}  // namespace bytebasket::events::testing
