#include "streams/kafka/readers.hpp"

#include <utility>

namespace bytebasket::streams::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// A cursor unused for so long belongs to nobody any more.
constexpr std::chrono::seconds forgotten_after{30};

}  // namespace

Readers::Readers(const KafkaLogOptions& options, const Topology& topology, Admin& admin)
    : options_(options), topology_(topology), admin_(admin) {}

Result<std::unique_ptr<Readers::Lane>> Readers::open_lane() const {
  BB_ASSIGN_OR_RETURN(Conf conf, configure(ClientKind::reader, options_.properties));
  auto lane = std::make_unique<Lane>();
  BB_ASSIGN_OR_RETURN(lane->handle, open_handle(ClientKind::reader, std::move(conf)));
  for (std::size_t i = 0; i < stream_count; ++i) {
    BB_ASSIGN_OR_RETURN(lane->topics[i], open_topic(lane->handle.get(),
                                                    topic_name(options_, static_cast<Stream>(i))));
  }
  lane->places.resize(topology_.size());
  return lane;
}

Result<std::pair<Readers::Lane*, Readers::Place*>> Readers::borrow(std::size_t index, Offset from) {
  const std::lock_guard lock(mutex_);
  const auto now = SteadyClock::now();
  std::pair<Lane*, Place*> unused{};
  std::pair<Lane*, Place*> oldest{};
  for (const auto& lane : lanes_) {
    Place& place = lane->places[index];
    if (place.busy) continue;
    const std::pair found(lane.get(), &place);
    if (place.cursor && place.cursor->next() == from) {
      place.busy = true;
      return found;
    }
    if (!place.cursor || now - place.used > forgotten_after) unused = found;
    if (oldest.second == nullptr || place.used < oldest.second->used) oldest = found;
  }
  if (unused.second == nullptr && lanes_.size() < options_.readers_of_a_partition) {
    BB_ASSIGN_OR_RETURN(auto lane, open_lane());
    lanes_.push_back(std::move(lane));
    unused = {lanes_.back().get(), &lanes_.back()->places[index]};
  }
  const auto chosen = unused.second != nullptr ? unused : oldest;
  if (chosen.second == nullptr) {
    return fail(ErrorCode::resource_exhausted, std::to_string(lanes_.size()) + " readers are at " +
                                                   to_string(topology_.at(index)) +
                                                   " already: try again later");
  }
  chosen.second->busy = true;
  return chosen;
}

Status Readers::position(Lane& lane, Place& place, TopicPartition where, Offset from) {
  place.cursor.reset();
  const auto stream = static_cast<std::size_t>(where.stream);
  BB_ASSIGN_OR_RETURN(const OffsetRange range,
                      admin_.range(topic_name(options_, where.stream), where.partition.value()));
  if (from < range.first || from > range.end) {
    return fail(from < range.first ? ErrorCode::not_found : ErrorCode::invalid_argument,
                "offset " + std::to_string(from.value()) + " is not in " + to_string(where) +
                    ", which holds " + std::to_string(range.first.value()) + " to before " +
                    std::to_string(range.end.value()));
  }
  BB_ASSIGN_OR_RETURN(place.cursor, Cursor::open(lane.handle.get(), lane.topics[stream].get(),
                                                 where.partition.value(), from));
  return ok();
}

void Readers::give_back(Place& place) {
  const std::lock_guard lock(mutex_);
  place.used = SteadyClock::now();
  place.busy = false;
}

Result<RecordBatch> Readers::read(TopicPartition where, Offset from, const ReadLimits& limits) {
  BB_ASSIGN_OR_RETURN(const std::size_t index, topology_.find(where));
  if (closed_) return fail(ErrorCode::cancelled, "the event log is closed");
  BB_ASSIGN_OR_RETURN(const auto borrowed, borrow(index, from));
  Place& place = *borrowed.second;
  auto batch = [&]() -> Result<RecordBatch> {
    if (!place.cursor || place.cursor->next() != from)
      BB_RETURN_IF_ERROR(position(*borrowed.first, place, where, from));
    return place.cursor->read(limits, admin_, options_.patience, closed_);
  }();
  if (!batch) place.cursor.reset();
  give_back(place);
  return batch;
}

}  // namespace bytebasket::streams::kafka
