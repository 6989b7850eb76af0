#include "producers/import/message_ids.hpp"

#include <utility>

#include "base/hash.hpp"

namespace bytebasket::producers::import_ {

std::string MessageIds::next(std::string_view row) {
  constexpr std::uint64_t second_seed = 0x1D;
  const std::uint64_t hash = hash64(row);
  auto [entry, is_new] = recent_.try_emplace(hash, 0);
  if (is_new) {
    if (const auto old = older_.find(hash); old != older_.end()) entry->second = old->second;
  }
  const std::uint32_t occurrence = ++entry->second;
  if (recent_.size() >= distance_) {
    older_ = std::move(recent_);
    recent_ = {};
  }
  std::string id = "import-" + to_hex(hash) + to_hex(hash64(row, second_seed));
  if (occurrence > 1) id += "-" + std::to_string(occurrence);
  return id;
}

}  // namespace bytebasket::producers::import_
