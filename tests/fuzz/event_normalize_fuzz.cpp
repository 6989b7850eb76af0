// Any bytes as a body of the tracking API: never a crash; what is accepted can be read back;
// normalising what is canonical changes nothing; no card number is left in what is kept of a
// refused item.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "events/card_number.hpp"
#include "events/event_reader.hpp"
#include "events/normalize.hpp"

namespace {

using namespace bytebasket;

const Timestamp received = timestamp_from_ms(1'795'341'600'000);

void require(bool condition, const char* what, std::string_view json) {
  if (condition) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(json.size()), json.data());
  std::abort();
}

events::Event read(events::EventReader& reader, const std::string& padded, std::size_t size) {
  const std::string_view json = std::string_view(padded).substr(0, size);
  const auto event = reader.read(json);
  require(event.has_value(), "an accepted event cannot be read back", json);
  return *event;
}

void check(const events::Normalized& normalized) {
  events::EventReader reader;
  const std::string padded = std::string(normalized.json) + std::string(64, '"');
  const events::Event event = read(reader, padded, normalized.json.size());
  require(event.time == normalized.time, "the time has changed", normalized.json);
  const bool right_key =
      normalized.key == (normalized.transaction ? event.customer() : event.visitor());
  require(right_key, "the key has changed", normalized.json);
  if (event.kind == events::EventKind::order_marked) return;
  events::Normalizer normalizer({.max_bytes = 1 << 20, .max_id_bytes = 1 << 16});
  // The first time may add originalTimestamp, which the client had not given; after that nothing
  // changes.
  const events::Envelope envelope{.received_at = received};
  const auto once = normalizer.normalize(normalized.json, envelope);
  require(!once.refused, once.refused ? once.refused->reason.c_str() : "", normalized.json);
  const auto twice = normalizer.normalize(once.events.at(0).json, envelope);
  require(!twice.refused && twice.events.at(0).json == once.events.at(0).json, "not the same again",
          once.events.at(0).json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  events::Normalizer normalizer;
  if (!normalizer.read_body(body)) return 0;
  const events::Envelope envelope{.received_at = received, .remote_address = "192.0.2.1"};
  for (const events::NormalizedItem& item : normalizer.normalize_items(envelope)) {
    require(item.refused.has_value() == item.events.empty(), "neither accepted nor refused", body);
    for (const events::Normalized& normalized : item.events) check(normalized);
    if (item.refused) require(!item.refused->reason.empty(), "refused without a reason", body);
  }
  return 0;
}
