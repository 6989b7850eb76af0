// Which message ids of the transactions stream have been seen: an id counts once, however often and
// late it arrives.
//
// A row holds the ids of one customer and one day, so it stays small and needs no time window. The
// day is that of the event's original time, which every copy of the event has in common. An event
// without one has only its time of receipt, which its copies do not share: for those the days
// beside it are looked at too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "processors/processor.hpp"
#include "schema/tables.hpp"

namespace bytebasket::processors {

/// A row of table `message_ids`: the hashes of ids, ascending. Not thread-safe.
class MessageIds {
 public:
  static Result<MessageIds> decode(std::string_view bytes);
  [[nodiscard]] std::string encode() const;
  [[nodiscard]] std::size_t bytes() const { return hashes_.capacity() * sizeof(std::uint64_t); }

  [[nodiscard]] bool contains(std::uint64_t hash) const;
  void insert(std::uint64_t hash);

 private:
  std::vector<std::uint64_t> hashes_;
};

/// The rows that know whether an event has been seen. The first is the one that takes its id.
std::vector<schema::MessageIdsKey> message_id_rows(const LoggedEvent& event);

}  // namespace bytebasket::processors
