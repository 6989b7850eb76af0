#include "processors/transactions_message_ids.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/hash.hpp"

namespace bytebasket::processors {
namespace {

std::int64_t day_of(Timestamp time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

/// Events that name nobody are spread over a thousand owners by their id, so that no row gets all
/// of them.
std::string owner_of(const events::Event& event) {
  if (!event.customer().empty()) return std::string(event.customer());
  return "#" + std::to_string(hash64(event.message_id) % 1000);
}

}  // namespace

Result<MessageIds> MessageIds::decode(std::string_view bytes) {
  if (bytes.size() % sizeof(std::uint64_t) != 0) {
    return fail(ErrorCode::corrupt, "message ids row of " + std::to_string(bytes.size()) +
                                        " bytes; they come in eights");
  }
  MessageIds ids;
  ids.hashes_.reserve(bytes.size() / sizeof(std::uint64_t));
  ByteReader in(bytes);
  while (!in.at_end()) ids.hashes_.push_back(in.take_u64());
  return ids;
}

std::string MessageIds::encode() const {
  std::string bytes;
  bytes.reserve(hashes_.size() * sizeof(std::uint64_t));
  ByteWriter out(bytes);
  for (const std::uint64_t hash : hashes_) out.put_u64(hash);
  return bytes;
}

bool MessageIds::contains(std::uint64_t hash) const {
  return std::binary_search(hashes_.begin(), hashes_.end(), hash);
}

void MessageIds::insert(std::uint64_t hash) {
  hashes_.insert(std::upper_bound(hashes_.begin(), hashes_.end(), hash), hash);
}

std::vector<schema::MessageIdsKey> message_id_rows(const LoggedEvent& logged) {
  const events::Event& event = logged.event;
  schema::MessageIdsKey key;
  key.owner = owner_of(event);
  if (event.has_original_time) {
    key.day = day_of(event.original_time);
    return {key};
  }
  key.day = day_of(logged.received_at);
  schema::MessageIdsKey before = key;
  schema::MessageIdsKey after = key;
  --before.day;
  ++after.day;
  return {key, before, after};
}

}  // namespace bytebasket::processors
