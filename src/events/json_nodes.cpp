#include "events/json_nodes.hpp"

#include <algorithm>
#include <utility>

namespace bytebasket::events {

void NodeList::grow() {
  room_ = std::max<NodeIndex>(256, room_ * 2);
  auto nodes = std::make_unique_for_overwrite<JsonNode[]>(room_);
  auto long_ones = std::make_unique_for_overwrite<NodeIndex[]>(room_);
  std::copy_n(nodes_.get(), tail_.size, nodes.get());
  std::copy_n(long_ones_.get(), tail_.long_count, long_ones.get());
  nodes_ = std::move(nodes);
  long_ones_ = std::move(long_ones);
  tail_.nodes = nodes_.get();
  tail_.long_ones = long_ones_.get();
}

}  // namespace bytebasket::events
